// Proofs in the page: the last root that this browser verified, and a badge at each event of a story.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, door, open, start, stop } from './browser.mjs';

before(start);
after(stop);

const root = (page, state) => page.waitForSelector(`es-root[data-state="${state}"]`);

test('the first screen verifies the newest checkpoint here, and the next one extends it', async () => {
  const page = await open();
  await root(page, 'verified');
  assert.match(await page.locator('es-root').innerText(), /0x[0-9a-f]{6}…[0-9a-f]{4}\s+Verified here over [\d,]+ events/);
  const shown = await page.locator('es-root code').getAttribute('title');
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('es.log')));
  const stated = kept.note.split('\n').find((line) => line.startsWith('state-root ')).slice('state-root '.length);
  assert.equal(shown, `0x${Buffer.from(stated, 'base64').toString('hex')}`);
  for (let i = 0; i < 4; i++) await door('drip');
  await page.reload();
  await page.waitForFunction(() => /extends that of/.test(document.querySelector('es-root')?.innerText ?? ''));
  await page.finish();
});

test('a log with another key than the first one seen is an alarm, not a new beginning', async () => {
  const page = await open();
  await root(page, 'verified');
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('es.log'));
    // The key of somebody else: its last byte is another.
    const key = kept.key.replace(/.(=*)$/, (end) => (end.startsWith('A') ? `B${end.slice(1)}` : `A${end.slice(1)}`));
    localStorage.setItem('es.log', JSON.stringify({ ...kept, key }));
  });
  await page.reload();
  await root(page, 'broken');
  assert.match(await page.locator('es-root').innerText(), /Does not hold[\s\S]*Expected the log's key that this browser saw first, found another/);
  await page.finish();
});

test('every final event of a story is proven here, and a press shows leaf and proof', async () => {
  const page = await open('task/task-34');
  await page.waitForFunction(() => {
    const badges = [...document.querySelectorAll('es-proof')];
    return badges.length > 10 && badges.every((one) => one.dataset.state === 'proven');
  });
  await page.locator('es-proof button').first().click();
  const words = await page.locator('es-proof .proof').first().innerText();
  assert.match(words, /This browser hashed the leaf below and walked \d+ hashes up to the root 0x/);
  assert.match(words, /c2sp\.org\/tlog-proof@v1/);
  const { task } = await ask('{ task(id: "34") { story(first: 1) { position } } }');
  assert.match(words, new RegExp(`Leaf ${(task.story[0].position - 1).toLocaleString('en')}`));
  await page.finish();
});
