// Secrets that open what was sealed: votes, bids, seeds of the draw. Enters: a secret with what it is about. Leaves:
// the commitment that goes on chain, and the secret when its time has come. Always holds: a secret is kept in this
// browser before its commitment is signed; who clears the browser's data without a downloaded copy loses it.
import { bytesOf, join, keccak, word } from './bytes.js';

const KEPT = 'es.secrets';
const MOST = 1_000;

/**
 * @typedef {{ kind: 'vote' | 'bid' | 'seed', chain: number, thing: string, by: string, commitment: string, madeAt: string,
 *   values: Record<string, string> }} Secret
 */

/** @returns {Secret[]} */
export function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isSecret) : [];
  } catch {
    return [];
  }
}

/** @param {any} one @returns {one is Secret} */
const isSecret = (one) =>
  ['vote', 'bid', 'seed'].includes(one?.kind) &&
  /^0x[0-9a-f]{64}$/.test(one.commitment) &&
  typeof one.thing === 'string' &&
  typeof one.by === 'string' &&
  typeof one.values === 'object';

/** @param {Secret} secret */
export function keep(secret) {
  const others = all().filter((one) => one.commitment !== secret.commitment);
  if (others.length >= MOST)
    throw new Error(
      `Expected at most ${MOST} kept secrets, found as many: download them on the wallet page, and forget the old ones.`,
    );
  localStorage.setItem(KEPT, JSON.stringify([...others, secret]));
}

/** @param {(secret: Secret) => boolean} isWanted */
export const find = (isWanted) => all().findLast(isWanted) ?? null;

/** A secret that is used may go. @param {string} commitment */
export const forget = (commitment) =>
  localStorage.setItem(KEPT, JSON.stringify(all().filter((one) => one.commitment !== commitment)));

/** Everything as a file. */
export const asFile = () => new Blob([JSON.stringify(all(), null, 2)], { type: 'application/json' });

/** Takes the secrets of a file that was downloaded before. @param {string} text @returns {number} how many */
export function bringBack(text) {
  const found = JSON.parse(text);
  if (!Array.isArray(found) || !found.every(isSecret))
    throw new Error('Expected a file of secrets that this page made, found another one.');
  for (const secret of found) keep(secret);
  return found.length;
}

/**
 * keccak256(abi.encode(...)) of words: every part is a whole number, an address or a word.
 * @param {(string | number | bigint)[]} parts
 */
export const sealed = (parts) => keccak(join(parts.map((part) => word(part))));

/** @param {string} secret */
export const sealedSeed = (secret) => keccak(bytesOf(secret));
