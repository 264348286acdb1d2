// Bytes, and the hash of the chain. Enters: texts, hex, files. Leaves: bytes, hex, hashes, words of the ABI. Always
// holds: Keccak is that of the package @noble/hashes, which comes from this host when it is needed first; SHA-256 is
// the browser's own.

const KECCAK = '/dashboard/noble/sha3.js';
const WORD = 32;

/** @type {Promise<(bytes: Uint8Array) => Uint8Array> | null} */
let loading = null;

/** The hash function; it is loaded once. */
export function keccakFunction() {
  loading ??= import(KECCAK).then(
    (module) => module.keccak_256,
    () => {
      loading = null;
      throw new Error(
        'Expected the package @noble/hashes beside the dashboard, found none: run npm ci in src/Dashboard and start the host again.',
      );
    },
  );
  return loading;
}

/** Keccak-256 as hex. @param {Uint8Array | string} data text is hashed as UTF-8 */
export async function keccak(data) {
  const hash = await keccakFunction();
  return hexOf(hash(typeof data === 'string' ? new TextEncoder().encode(data) : data));
}

/** SHA-256 as hex: every document on the chain is known by it (docs/execution.md). @param {Uint8Array | string} data */
export async function sha256(data) {
  if (!globalThis.crypto?.subtle)
    throw new Error('Hashing works over https or on this machine alone: expected a secure context, found none.');
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {BufferSource} */ (bytes))));
}

/** @param {Uint8Array} bytes */
export const hexOf = (bytes) => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** @param {string} hex */
export function bytesOf(hex) {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex))
    throw new Error(`Expected bytes as 0x and hex digits, found ${hex.slice(0, 40)}.`);
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array[]} parts */
export function join(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** A whole number or a short value of hex as one word of the ABI. @param {bigint | number | string} value */
export function word(value) {
  const number = BigInt(value);
  if (number >> 256n !== 0n && number >> 255n !== -1n) throw new Error('Expected at most 256 bits, found more.');
  return bytesOf(
    `0x${BigInt.asUintN(256, number)
      .toString(16)
      .padStart(WORD * 2, '0')}`,
  );
}

/** A short text as bytes32, as the contracts keep names: code is 0x636f6465…. @param {string} text */
export function wordOfText(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > WORD) throw new Error(`Expected at most ${WORD} bytes of text, found ${bytes.length}.`);
  return hexOf(join([bytes, new Uint8Array(WORD - bytes.length)]));
}

/** 32 bytes that nobody can guess. */
export const secretWord = () => hexOf(crypto.getRandomValues(new Uint8Array(WORD)));
