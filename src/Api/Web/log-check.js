// Verifies the audit log in a browser or in Node, with WebCrypto and nothing else. Enters: a verifier key, a checkpoint
// (C2SP tlog-checkpoint), a proof (C2SP tlog-proof), a leaf: texts of strangers. Leaves: what they state, or an
// exception that says what was expected, what was found and where. Always holds: each value has one spelling; nothing
// is believed that no known key signed. Ed25519 alone (types 0x01 and 0x04): browsers have no ML-DSA yet.
const LOG = 1;
const WITNESS = 4;
const HASH_BYTES = 32;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
const MOST_TEXT = 2_500_000;
const MOST_LINES = 64;
const MOST_SIBLINGS = 63;
const MOST_OTHERS = 4096;
const STATE_LEVELS = 16;
const MOST_SIZE = (1n << 63n) - 1n;

const utf8 = new TextEncoder();

const refuse = (expected, found, where) => {
  throw new Error(`expected ${expected}, found ${found}, ${where}`);
};

const concat = (...parts) => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytes;
};

const equal = (left, right) => left.length === right.length && left.every((byte, i) => byte === right[i]);

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

// Only the one spelling: with padding, without spare bits.
const fromBase64 = (text, where) => {
  try {
    const bytes = Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
    if (text.length > 0 && base64(bytes) === text) return bytes;
  } catch { /* said below */ }
  return refuse('base64', JSON.stringify(text.slice(0, 40)), where);
};

const hashOf = (text, where) => {
  const bytes = fromBase64(text, where);
  return bytes.length === HASH_BYTES ? bytes : refuse('a hash of 32 bytes', `${bytes.length}`, where);
};

const decimal = (text, where) =>
  /^(0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) <= MOST_SIZE ? BigInt(text) : refuse('a number below 2^63', JSON.stringify(text.slice(0, 40)), where);

// Ends every line in a newline, and is no longer than anything honest.
const linesOf = (text, where) => {
  if (typeof text !== 'string' || text.length > MOST_TEXT || !text.endsWith('\n')) refuse(`text of at most ${MOST_TEXT} characters that ends in a newline`, 'another', where);
  return text.slice(0, -1).split('\n');
};

/** Reads a verifier key: name+id+base64(type, key). */
export async function parseKey(text) {
  const where = 'in a verifier key';
  const [, name, id, material] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? refuse('name+id+base64', JSON.stringify(text.slice(0, 40)), where);
  const bytes = fromBase64(material, where);
  const expected = [...(await sha256(concat(utf8.encode(`${name}\n`), bytes))).slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (id !== expected) refuse(`the key id ${expected}`, id, where);
  const type = bytes[0];
  if (type !== LOG && type !== WITNESS) return { name, id, type, key: null };
  if (bytes.length !== 1 + KEY_BYTES) refuse('a key of 32 bytes', `${bytes.length - 1}`, where);
  return { name, id, type, key: await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']) };
}

/** Reads a signed note: its text, and its signature lines. */
export function parseNote(note) {
  const where = 'in a signed note';
  linesOf(note, where);
  const middle = note.lastIndexOf('\n\n');
  if (middle < 0) refuse('an empty line before the signatures', 'none', where);
  const lines = note.slice(middle + 2, -1).split('\n');
  if (lines.length > MOST_LINES) refuse(`at most ${MOST_LINES} signatures`, `${lines.length}`, where);
  const signatures = lines.map((line) => {
    const [, name, text] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? refuse('a signature line', JSON.stringify(line.slice(0, 40)), where);
    const bytes = fromBase64(text, where);
    if (bytes.length < 5) refuse('a key id and a signature', `${bytes.length} bytes`, where);
    return { name, id: [...bytes.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(''), bytes: bytes.slice(4) };
  });
  return { text: note.slice(0, middle + 1), signatures };
}

const holds = async (text, known, bytes) => {
  if (known.type === LOG)
    return bytes.length === SIGNATURE_BYTES && crypto.subtle.verify('Ed25519', known.key, bytes, utf8.encode(text));
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return false;
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return seconds <= MOST_SIZE
    && crypto.subtle.verify('Ed25519', known.key, bytes.slice(TIME_BYTES), utf8.encode(`cosignature/v1\ntime ${seconds}\n${text}`));
};

/** Verifies a checkpoint: the log's signature must hold, and cosignatures of so many of the witnesses. */
export async function verifyCheckpoint(note, log, witnesses = [], quorum = 0) {
  const where = 'in the checkpoint';
  const { text, signatures } = parseNote(note);
  const [origin, size, root, ...extensions] = linesOf(text, where);
  if (log.type !== LOG) refuse('a key of type 0x01 for the log', `0x0${log.type}`, where);
  if (!origin || root === undefined || extensions.includes('')) refuse('an origin, a size and a root', 'fewer lines', where);
  if (origin !== log.name) refuse(`the origin ${log.name}`, JSON.stringify(origin.slice(0, 80)), where);
  let isSigned = false;
  const witnessed = new Set();
  for (const known of [log, ...witnesses]) {
    const line = signatures.find((one) => one.name === known.name && one.id === known.id);
    if (!line || !known.key) continue;
    // One of a known key that does not hold spoils the whole note.
    if (!(await holds(text, known, line.bytes))) refuse(`a signature of ${known.name} that holds`, 'one that does not', where);
    if (known === log) isSigned = true;
    else witnessed.add(known.id);
  }
  if (!isSigned) refuse(`a signature by ${log.name}`, 'none', where);
  if (witnessed.size < quorum) refuse(`cosignatures of ${quorum} witnesses`, `${witnessed.size}`, where);
  const state = extensions.filter((line) => line.startsWith('state-root '));
  return {
    origin, size: decimal(size, where), root: hashOf(root, where), extensions, witnessed: witnessed.size,
    stateRoot: state.length === 1 ? hashOf(state[0].slice('state-root '.length), where) : null,
  };
}

/** The hash of a leaf (RFC 6962). */
export const leafHash = (leaf) => sha256(concat(Uint8Array.of(0), typeof leaf === 'string' ? utf8.encode(leaf) : leaf));

const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/** Whether a leaf's hash stands at an index of a tree (RFC 9162, section 2.1.3.2). */
export async function includes(leaf, index, size, root, siblings) {
  if (index >= size || siblings.length > MOST_SIBLINGS) return false;
  let [node, last, hash] = [index, size - 1n, leaf];
  for (const sibling of siblings) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && equal(hash, root);
}

/** Verifies a proof text with its leaf: answers the checkpoint that it was proven under, and the index. */
export async function verifyProof(proof, leaf, log, witnesses = [], quorum = 0) {
  const where = 'in the proof';
  const lines = linesOf(proof, where);
  if (lines[0] !== 'c2sp.org/tlog-proof@v1') refuse('c2sp.org/tlog-proof@v1', JSON.stringify(lines[0].slice(0, 40)), where);
  let at = 1;
  if (lines[at]?.startsWith('extra ')) fromBase64(lines[at++].slice('extra '.length), where);
  if (!lines[at]?.startsWith('index ')) refuse('an index', 'another line', where);
  const index = decimal(lines[at++].slice('index '.length), where);
  const end = lines.indexOf('', at);
  if (end < 0 || end - at > MOST_SIBLINGS) refuse(`at most ${MOST_SIBLINGS} hashes and an empty line`, 'another form', where);
  const siblings = lines.slice(at, end).map((line) => hashOf(line, where));
  const checkpoint = await verifyCheckpoint(`${lines.slice(end + 1).join('\n')}\n`, log, witnesses, quorum);
  if (!(await includes(await leafHash(leaf), index, checkpoint.size, checkpoint.root, siblings)))
    refuse(`a way from leaf ${index} to the root of ${checkpoint.size} leaves`, 'another', where);
  return { index, checkpoint };
}

// The hash that a list of things with their states has as a bucket of the state tree.
const bucketHash = async (entries) => sha256(concat(Uint8Array.of(0), ...entries.flatMap(({ key, state }) => [key, state])));

const compare = (left, right) => left.reduce((order, byte, i) => order || byte - right[i], 0);

/** Verifies the proof of a thing's state: answers the thing, its state, and the checkpoint that states the root. */
export async function verifyState(proof, log, witnesses = [], quorum = 0) {
  const where = 'in the state proof';
  const lines = linesOf(proof, where);
  const after = (line, name) => line?.startsWith(name) ? line.slice(name.length) : refuse(`a line that begins with ${JSON.stringify(name)}`, 'another', where);
  if (lines[0] !== 'eventsourced/state-proof@v1') refuse('eventsourced/state-proof@v1', JSON.stringify(lines[0].slice(0, 40)), where);
  const thing = after(lines[1], 'thing ');
  const bytes = fromBase64(after(lines[2], 'state '), where);
  const entries = [{ key: await sha256(utf8.encode(thing)), state: await sha256(bytes) }];
  let at = 3;
  for (; lines[at]?.startsWith('other '); at++) {
    const [key, state] = lines[at].slice('other '.length).split(' ').map((text) => hashOf(text, where));
    if (state === undefined || entries.length > MOST_OTHERS) refuse(`two hashes, at most ${MOST_OTHERS} times`, 'another line', where);
    entries.push({ key, state });
  }
  const end = at + STATE_LEVELS;
  if (lines[end] !== '') refuse(`${STATE_LEVELS} hashes and an empty line`, 'another form', where);
  entries.sort((left, right) => compare(left.key, right.key));
  const bucket = entries[0].key[0] * 256 + entries[0].key[1];
  if (entries.some(({ key }, i) => key[0] * 256 + key[1] !== bucket || (i > 0 && equal(key, entries[i - 1].key)))) refuse('things of one bucket, each once', 'others', where);
  let hash = await bucketHash(entries);
  for (let level = 0; level < STATE_LEVELS; level++) {
    const sibling = hashOf(lines[at + level], where);
    hash = await ((bucket >> level) % 2 === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash));
  }
  const checkpoint = await verifyCheckpoint(`${lines.slice(end + 1).join('\n')}\n`, log, witnesses, quorum);
  if (!checkpoint.stateRoot || !equal(hash, checkpoint.stateRoot)) refuse(`a way from ${thing} to the state root of ${checkpoint.size} leaves`, 'another', where);
  return { thing, state: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), checkpoint };
}

const TILE_HEIGHT = 8;
const TILE_WIDTH = 1n << BigInt(TILE_HEIGHT);

/** The path of a tile of hashes in a tree of so many leaves (C2SP tlog-tiles), and its width. */
export function tilePath(level, index, size) {
  const hashes = size >> BigInt(TILE_HEIGHT * level);
  const width = hashes - index * TILE_WIDTH >= TILE_WIDTH ? TILE_WIDTH : hashes - index * TILE_WIDTH;
  const digits = `${index}`.padStart(Math.ceil(`${index}`.length / 3) * 3, '0').match(/.../g);
  const name = digits.map((group, at) => (at < digits.length - 1 ? `x${group}` : group)).join('/');
  return { path: `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ''}`, width: Number(width) };
}

/** The largest power of two below a number. */
const split = (size) => {
  let half = 1n;
  while (half * 2n < size) half *= 2n;
  return half;
};

/** The hash over the leaves from..to of a tree of so many leaves, from its tiles. */
async function hashOfRange(from, to, size, tile) {
  const count = to - from;
  let height = 0;
  while (1n << BigInt(height) < count) height++;
  if (1n << BigInt(height) !== count) {
    const middle = from + split(count);
    return nodeHash(await hashOfRange(from, middle, size, tile), await hashOfRange(middle, to, size, tile));
  }
  const level = Math.floor(height / TILE_HEIGHT);
  const first = from >> BigInt(level * TILE_HEIGHT);
  const hashes = await tile(level, first / TILE_WIDTH, size);
  const at = Number(first % TILE_WIDTH);
  let row = Array.from({ length: 1 << (height % TILE_HEIGHT) }, (_, i) => hashes.slice((at + i) * HASH_BYTES, (at + i + 1) * HASH_BYTES));
  if (row.some((hash) => hash.length !== HASH_BYTES)) refuse(`a tile with the hash ${at}`, `${hashes.length} bytes`, 'in a tile');
  while (row.length > 1) row = await Promise.all(Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i], row[2 * i + 1])));
  return row[0];
}

/** The hashes that show that one tree begins with another (RFC 6962, section 2.1.2). */
async function consistencyProof(old, from, to, isWhole, size, tile) {
  const count = to - from;
  if (old === count) return isWhole ? [] : [await hashOfRange(from, to, size, tile)];
  const half = split(count);
  return old <= half
    ? [...(await consistencyProof(old, from, from + half, isWhole, size, tile)), await hashOfRange(from + half, to, size, tile)]
    : [...(await consistencyProof(old - half, from + half, to, false, size, tile)), await hashOfRange(from, from + half, size, tile)];
}

/** Whether these hashes show that the second tree begins with the first (RFC 9162, section 2.1.4.2). */
export async function isConsistent(old, size, oldRoot, root, proof) {
  if (old === 0n || old > size || proof.length > 2 * MOST_SIBLINGS) return false;
  if (old === size) return proof.length === 0 && equal(oldRoot, root);
  const hashes = (old & (old - 1n)) === 0n ? [oldRoot, ...proof] : [...proof];
  let [node, last] = [old - 1n, size - 1n];
  while (node % 2n === 1n) [node, last] = [node >> 1n, last >> 1n];
  if (hashes.length === 0) return false;
  let [first, second] = [hashes[0], hashes[0]];
  for (const hash of hashes.slice(1)) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      [first, second] = [await nodeHash(hash, first), await nodeHash(hash, second)];
      while (node % 2n === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      second = await nodeHash(second, hash);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && equal(first, oldRoot) && equal(second, root);
}

/**
 * Verifies that a checkpoint extends an older one of the same log. `read` gives the bytes of a path below the log's
 * address. Both checkpoints were verified before.
 */
export async function verifyExtends(old, checkpoint, read) {
  const where = 'in the log';
  if (old.size > checkpoint.size) refuse(`at least the ${old.size} leaves that were signed before`, `${checkpoint.size}`, where);
  const tiles = new Map();
  const tile = (level, index, size) => {
    const { path, width } = tilePath(level, index, size);
    if (!tiles.has(path)) tiles.set(path, Promise.resolve(read(path)).then((bytes) => {
      if (bytes.length !== width * HASH_BYTES) refuse(`${width * HASH_BYTES} bytes of ${path}`, `${bytes.length}`, where);
      return bytes;
    }));
    return tiles.get(path);
  };
  const proof = old.size === 0n ? [] : await consistencyProof(old.size, 0n, checkpoint.size, true, checkpoint.size, tile);
  if (old.size > 0n && !(await isConsistent(old.size, checkpoint.size, old.root, checkpoint.root, proof)))
    refuse(`a log that begins with the ${old.size} leaves that were signed before`, 'another log: it was rewritten', where);
  return tiles.size;
}
