// The audit log as this browser sees it. Enters: the log's key, its checkpoints, its tiles. Leaves: what holds, and
// since when. Always holds: every checkpoint is verified here, and must extend the last one that this browser verified;
// the first key that was seen is kept, and another one later is an alarm; what was verified before is never overwritten
// by what does not hold.

const CHECK = '/log/check.js';
const KEPT = 'es.log';
const REQUEST_MS = 15_000;

/**
 * @typedef {{ size: bigint, root: Uint8Array, stateRoot: Uint8Array | null, origin: string }} Checkpoint
 * @typedef {{ state: 'verified' | 'none' | 'broken' | 'away', why: string, checkpoint: Checkpoint | null, key: string,
 *   before: { size: bigint, at: string } | null, first: string }} Seen
 */

/** @type {Promise<any> | null} */
let module = null;

/** What verifies: the module that anybody can load from this host, and keep. @returns {Promise<any>} */
export const check = () => (module ??= import(CHECK));

/** There is no log, or the host is silent: no word about the log itself. */
class Absent extends Error {
  /** @param {string} message @param {boolean} isAway */
  constructor(message, isAway) {
    super(message);
    this.isAway = isAway;
  }
}

/** @param {string} path */
async function fetched(path) {
  let answer;
  try {
    answer = await fetch(`/log/${path}`, { signal: AbortSignal.timeout(REQUEST_MS) });
  } catch {
    throw new Absent('The API does not answer.', true);
  }
  if (answer.status === 404) throw new Absent('Nothing is published yet.', false);
  if (!answer.ok) throw new Absent(`The log answers with status ${answer.status}.`, true);
  return answer;
}

const text = async (/** @type {string} */ path) => (await fetched(path)).text();

const tile = async (/** @type {string} */ path) => new Uint8Array(await (await fetched(path)).arrayBuffer());

/** @returns {{ key: string, note: string, at: string, first: string } | null} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    return typeof found?.key === 'string' && typeof found.note === 'string' ? found : null;
  } catch {
    return null;
  }
}

/** Forgets what was seen: the next key and checkpoint are believed as they come. */
export const forget = () => localStorage.removeItem(KEPT);

/** The key that this browser believes: the first that it saw. */
export async function believedKey() {
  return kept()?.key ?? (await text('keys')).split('\n')[0] ?? '';
}

/** Looks at the newest checkpoint. @returns {Promise<Seen>} */
export async function look() {
  const before = kept();
  const seen = { checkpoint: null, key: before?.key ?? '', before: null, first: before?.first ?? '' };
  if (!globalThis.crypto?.subtle)
    return { ...seen, state: 'none', why: 'This browser checks nothing here: that needs https, or this machine.' };
  try {
    const { parseKey, verifyCheckpoint, verifyExtends } = await check();
    const [keys, note] = await Promise.all([text('keys'), text('checkpoint')]);
    const key = before?.key ?? keys.split('\n')[0] ?? '';
    if (before && !keys.split('\n').includes(before.key))
      throw new Error(`Expected the log's key that this browser saw first, found another: ${keys.split('\n')[0]}.`);
    const log = await parseKey(key);
    const checkpoint = await verifyCheckpoint(note, log);
    const old = before ? await verifyCheckpoint(before.note, log) : null;
    if (old) await verifyExtends(old, checkpoint, tile);
    const now = new Date().toISOString();
    if (!old || checkpoint.size > old.size)
      localStorage.setItem(KEPT, JSON.stringify({ key, note, at: now, first: before?.first ?? now }));
    return {
      state: 'verified',
      why: '',
      checkpoint,
      key,
      first: before?.first ?? now,
      before: old && before ? { size: old.size, at: before.at } : null,
    };
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    return { ...seen, state: fault instanceof Absent ? (fault.isAway ? 'away' : 'none') : 'broken', why };
  }
}
