// What is signed, by EIP-712. Enters: typed data as wallets take it. Leaves: the digest. Always holds: a type that is
// not known here is refused, never guessed; the forms of our own requests are all known.
import { bytesOf, join, keccakFunction, word } from './bytes.js';

/**
 * @typedef {{ name: string, type: string }} Member
 * @typedef {{ types: Record<string, Member[]>, primaryType: string, domain: Record<string, unknown>,
 *   message: Record<string, unknown> }} TypedData
 * @typedef {(bytes: Uint8Array) => Uint8Array} Hash
 */

const utf8 = new TextEncoder();

/** @param {TypedData} data */
export async function digestOf({ types, primaryType, domain, message }) {
  const hash = await keccakFunction();
  return hash(
    join([
      Uint8Array.of(0x19, 0x01),
      structHash(hash, types, 'EIP712Domain', domain),
      structHash(hash, types, primaryType, message),
    ]),
  );
}

/**
 * @param {Hash} hash @param {Record<string, Member[]>} types @param {string} name
 * @param {Record<string, unknown>} data
 */
function structHash(hash, types, name, data) {
  const members = types[name];
  if (!members) throw new Error(`Expected a description of ${name} in the typed data, found none.`);
  const type = `${name}(${members.map((one) => `${one.type} ${one.name}`).join(',')})`;
  return hash(join([hash(utf8.encode(type)), ...members.map((one) => encoded(hash, one, data[one.name]))]));
}

/** @param {Hash} hash @param {Member} member @param {unknown} value */
function encoded(hash, { name, type }, value) {
  const text = String(value);
  if (type === 'string') return hash(utf8.encode(text));
  if (type === 'bytes') return hash(bytesOf(text));
  if (type === 'bytes32' && /^0x[0-9a-fA-F]{64}$/.test(text)) return bytesOf(text);
  if (type === 'address' && /^0x[0-9a-fA-F]{40}$/.test(text)) return word(text);
  if (type === 'bool') return word(value ? 1 : 0);
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits && /^(\d+|0x[0-9a-fA-F]+)$/.test(text) && BigInt(text) >> BigInt(bits) === 0n) return word(text);
  throw new Error(`Expected ${name} to be ${type}, found ${text.slice(0, 40)}.`);
}
