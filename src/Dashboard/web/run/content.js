// Content by its hash. Enters: SHA-256 hashes of the chain, content ids, texts to keep. Leaves: bytes, content ids.
// Always holds: bytes that came are hashed here, and whatever is not what was asked for is refused; an answer is read
// up to a limit; a text counts as kept only when the host names it by the hash that was made here.
import { sha256 } from '../wallet/bytes.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
// CID v1, codec raw, sha2-256, 32 bytes.
const PREFIX = [0x01, 0x55, 0x12, 0x20];
const BITS = 5;
export const MOST_BYTES = 32 << 20;
const REQUEST_MS = 30_000;

/** The content id of a hash: bafkrei…. @param {string} hash 0x and 64 digits */
export function cidOf(hash) {
  const bytes = [...PREFIX, ...(hash.slice(2).match(/../g) ?? []).map((pair) => parseInt(pair, 16))];
  let text = 'b';
  let [rest, bits] = [0, 0];
  for (const byte of bytes) {
    rest = (rest << 8) | byte;
    bits += 8;
    while (bits >= BITS) {
      bits -= BITS;
      text += ALPHABET[(rest >> bits) & 31];
      rest &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + ALPHABET[(rest << (BITS - bits)) & 31] : text;
}

/** The hash that a content id of ours names. @param {string} cid */
export function hashOfCid(cid) {
  if (!/^b[a-z2-7]{58}$/.test(cid)) throw new Error(`Expected a content id as bafkrei…, found ${cid.slice(0, 70)}.`);
  let [rest, bits] = [0, 0];
  /** @type {number[]} */
  const bytes = [];
  for (const letter of cid.slice(1)) {
    rest = (rest << BITS) | ALPHABET.indexOf(letter);
    bits += BITS;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((rest >> bits) & 255);
      rest &= (1 << bits) - 1;
    }
  }
  if (PREFIX.some((byte, at) => bytes[at] !== byte) || rest !== 0)
    throw new Error(`Expected a content id of raw bytes with a SHA-256, found ${cid}.`);
  return `0x${bytes
    .slice(PREFIX.length)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** The bytes with a SHA-256. @param {string} hash @param {string} what for words @returns {Promise<Uint8Array>} */
export async function contentOf(hash, what) {
  const cid = cidOf(hash);
  let answer;
  try {
    answer = await fetch(`/v1/content/${cid}`, { signal: AbortSignal.timeout(REQUEST_MS) });
  } catch {
    throw new Error('The API does not answer.');
  }
  if (answer.status === 404 || answer.status === 410)
    throw new Error(`Expected ${what} (${cid}) in this host's content store, found none.`);
  if (!answer.ok || !answer.body) throw new Error(`Expected ${what} (${cid}), found status ${answer.status}.`);
  const bytes = await bounded(answer.body, what);
  const found = await sha256(bytes);
  if (found !== hash) throw new Error(`Expected ${what} with the SHA-256 ${hash}, found bytes with ${found}.`);
  return bytes;
}

/**
 * Gives a text to the host's content store. @param {string} text
 * @returns {Promise<string | null>} its content id; null: this host keeps no content
 */
export async function keepContent(text) {
  const bytes = new TextEncoder().encode(text);
  const cid = cidOf(await sha256(bytes));
  let answer;
  try {
    answer = await fetch(`/v1/content/${cid}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
  } catch {
    throw new Error('The API does not answer.');
  }
  if (answer.status === 404 || answer.status === 405) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(`Expected the host to keep the text, found ${told.code ?? `status ${answer.status}`}.`);
  if (told.cid !== cid) throw new Error(`Expected the host to keep ${cid}, found ${String(told.cid).slice(0, 70)}.`);
  return cid;
}

/** @param {ReadableStream<Uint8Array>} body @param {string} what */
async function bounded(body, what) {
  const reader = body.getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new Error(`Expected at most ${MOST_BYTES} bytes of ${what}, found more.`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
