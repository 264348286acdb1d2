// Whether one tree begins with another, by the module that browsers load: against a tree that is hashed here anew.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { leafHash, tilePath, verifyExtends } from '../../../src/Api/Web/log-check.js';

const LEAVES = 700;
const hash = (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
const leaves = await Promise.all(Array.from({ length: LEAVES }, (_, i) => leafHash(`leaf ${i}`)));

function rootOf(some) {
  if (some.length === 1) return some[0];
  let half = 1;
  while (half * 2 < some.length) half *= 2;
  return hash(Buffer.of(1), rootOf(some.slice(0, half)), rootOf(some.slice(half)));
}

const levels = [leaves, []];
for (let at = 0; at + 256 <= LEAVES; at += 256) levels[1].push(rootOf(leaves.slice(at, at + 256)));

const tiles = (path) => {
  const [, level, name, width] = /^tile\/(\d+)\/([x\d/]+?)(?:\.p\/(\d+))?$/.exec(path);
  const index = Number(name.replaceAll(/[x/]/g, ''));
  return Buffer.concat(levels[level].slice(index * 256, index * 256 + Number(width ?? 256)));
};
const head = (size, some = leaves) => ({ size: BigInt(size), root: rootOf(some.slice(0, size)) });

const SIZES = [[1, 1], [1, 2], [3, 7], [6, 700], [7, 8], [255, 256], [256, 257], [256, 700], [300, 512], [511, 699], [512, 513], [699, 700], [700, 700]];

test('a log that grew extends what it was, at every kind of size', async () => {
  for (const [old, size] of SIZES) await verifyExtends(head(old), head(size), tiles);
});

test('a log whose past was changed extends nothing that was signed before', async () => {
  const other = leaves.with(0, await leafHash('another past'));
  for (const [old, size] of SIZES)
    await assert.rejects(verifyExtends(head(old, other), head(size), tiles), /it was rewritten/, `${old} of ${size}`);
});

test('a log that became shorter says so', () =>
  assert.rejects(verifyExtends(head(9), head(8), tiles), /expected at least the 9 leaves that were signed before, found 8/));

test('a tile of another length is refused by its name', () =>
  assert.rejects(verifyExtends(head(3), head(7), () => new Uint8Array(31)), /expected 224 bytes of tile\/0\/000\.p\/7, found 31/));

test('tiles have the names of the specification', () => {
  assert.deepEqual(tilePath(0, 1_234_067n, 1_234_068n * 256n), { path: 'tile/0/x001/x234/067', width: 256 });
  assert.deepEqual(tilePath(1, 1n, 70_000n), { path: 'tile/1/001.p/17', width: 17 });
});
