// Figures and words, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credits, creditsShort, count, middle, plain, points, shortId, span, textOf } from '../../../src/Dashboard/web/format.js';

test('amounts are exact, rounded at two places, and never look like nothing', () => {
  assert.equal(credits('99000000000000000000'), '99');
  assert.equal(credits('1234567890000000000000'), '1,234.57');
  assert.equal(credits('100000000000000000000000001000000000000000'), '100,000,000,000,000,000,000,000');
  assert.equal(credits('1'), '< 0.01');
  assert.equal(credits('-20000000000000000000'), '−20');
  assert.equal(credits('0'), '0');
  assert.equal(credits(null), '–');
  assert.equal(creditsShort('5599977000000000000000000'), '5.6M');
});

test('times, ids, points and words', () => {
  assert.equal(span(0), '0 s');
  assert.equal(span(3_725), '1 h 2 min');
  assert.equal(span(86_400 * 3), '3 d');
  assert.equal(points('7999200'), '8.0');
  assert.equal(points('-20000000'), '−20.0');
  assert.equal(count('1234567'), '1,234,567');
  assert.equal(textOf(`0x636f6465${'0'.repeat(56)}`), 'code');
  assert.equal(textOf(`0xff${'0'.repeat(62)}`), middle(`0xff${'0'.repeat(62)}`));
  assert.equal(shortId('task-42'), 'task-42');
  assert.equal(plain('NOT_STARTED'), 'Not started');
});
