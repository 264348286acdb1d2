// A key as a Web3 secret storage file, version 3: what cast reads where it must not be told a key. Enters: a private key in hex and a
// password. Leaves: the file's JSON. The scrypt cost is the least there is: the password is as random as the key.
import { createCipheriv, randomBytes, scryptSync } from 'node:crypto';
import sha3 from 'js-sha3';

const COST = { n: 2, r: 8, p: 1 };
const LENGTH = 32;

export function keystore(privateKey, password) {
  if (!/^(0x)?[0-9a-f]{64}$/i.test(privateKey)) throw new Error('expected a private key of 64 hex digits, found something else');
  const salt = randomBytes(LENGTH);
  const iv = randomBytes(16);
  const derived = scryptSync(password, salt, LENGTH, { N: COST.n, r: COST.r, p: COST.p });
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(privateKey.replace(/^0x/, ''), 'hex')), cipher.final()]);
  return {
    version: 3,
    id: crypto.randomUUID(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams: { dklen: LENGTH, ...COST, salt: salt.toString('hex') },
      mac: sha3.keccak256(Buffer.concat([derived.subarray(16), ciphertext])),
    },
  };
}
