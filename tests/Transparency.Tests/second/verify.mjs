// A second verifier, written from the C2SP pages alone and sharing no line with lib/Transparency: signed-note, tlog-checkpoint,
// tlog-cosignature (Ed25519) and tlog-proof. One JSON request a line in: {proof, leaf, log, witnesses, needed}; the proof is the text in
// base64, the leaf is its entry in base64, the keys are vkeys. One JSON answer a line out: {holds, why}.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createInterface } from 'node:readline';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const need = (condition, why) => { if (!condition) throw new Error(why); };

function decimal(text) {
  need(/^(0|[1-9][0-9]*)$/.test(text) && BigInt(text) < 2n ** 63n, `no decimal: ${text}`);
  return BigInt(text);
}

function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  need(bytes.toString('base64') === text, 'no canonical base64');
  return bytes;
}

function hash(text) {
  const bytes = base64(text);
  need(bytes.length === 32, 'no hash');
  return bytes;
}

function key(vkey) {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(vkey);
  const bytes = base64(material);
  need(bytes.length === 33 && sha256(Buffer.from(`${name}\n`), bytes).subarray(0, 4).toString('hex') === id, 'no key');
  const x = bytes.subarray(1).toString('base64url');
  return { name, id, type: bytes[0], public: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }) };
}

function signatures(lines) {
  need(lines.endsWith('\n'), 'no newline at the end');
  return lines.slice(0, -1).split('\n').map((line) => {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? need(false, 'no signature line');
    const bytes = base64(encoded);
    need(bytes.length > 4, 'no signature');
    return { name, id: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) };
  });
}

function holds(text, signature, by) {
  if (by.type === 1) return signature.length === 64 && verify(null, Buffer.from(text), by.public, signature);
  if (signature.length !== 72 || signature.readBigUInt64BE() >= 2n ** 63n) return false;
  return verify(null, Buffer.from(`cosignature/v1\ntime ${signature.readBigUInt64BE()}\n${text}`), by.public, signature.subarray(8));
}

// RFC 6962, section 2.1: the root from the leaf and its siblings, by the definition of the tree's shape.
function root(leaf, index, size, siblings) {
  if (size === 1n) { need(siblings.length === 0, 'siblings left over'); return leaf; }
  need(siblings.length > 0, 'a sibling is missing');
  let split = 1n;
  while (split * 2n < size) split *= 2n;
  const [rest, last] = [siblings.slice(0, -1), siblings.at(-1)];
  return index < split
    ? sha256(Buffer.of(1), root(leaf, index, split, rest), last)
    : sha256(Buffer.of(1), last, root(leaf, index - split, size - split, rest));
}

function judge({ proof, leaf, log, witnesses, needed }) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(proof, 'base64'));
  need(!/[\x00-\x09\x0b-\x1f]/.test(text), 'a control character');
  const head = text.indexOf('\n\n');
  need(head >= 0, 'no empty line');
  const lines = text.slice(0, head).split('\n');
  need(lines.shift() === 'c2sp.org/tlog-proof@v1', 'no header');
  if (lines[0]?.startsWith('extra ')) base64(lines.shift().slice(6));
  need(lines[0]?.startsWith('index '), 'no index');
  const index = decimal(lines.shift().slice(6));
  const note = text.slice(head + 2);
  const end = note.lastIndexOf('\n\n');
  need(end >= 0, 'no signatures');
  const body = note.slice(0, end + 1);
  const [origin, size, top, ...extensions] = body.slice(0, -1).split('\n');
  need(origin && top && extensions.every((line) => line !== ''), 'no checkpoint');
  const [tree, expected] = [decimal(size), hash(top)];
  const trusted = [key(log), ...witnesses.map(key)];
  const signed = new Set();
  for (const one of signatures(note.slice(end + 2))) {
    const by = trusted.find((candidate) => candidate.name === one.name && candidate.id === one.id);
    if (!by) continue;
    need(holds(body, one.bytes, by), `the signature by ${by.name} does not hold`);
    signed.add(by);
  }
  need(trusted[0].name === origin && signed.delete(trusted[0]), 'not signed by the log');
  need(signed.size >= needed, 'not witnessed');
  need(index < tree, 'outside of the tree');
  need(root(sha256(Buffer.of(0), Buffer.from(leaf, 'base64')), index, tree, lines.map(hash)).equals(expected), 'another root');
}

for await (const line of createInterface({ input: process.stdin })) {
  let why = '';
  try { judge(JSON.parse(line)); } catch (fault) { why = fault.message; }
  console.log(JSON.stringify({ holds: why === '', why }));
}
