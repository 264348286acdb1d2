// The slider moves every page back in time, and says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, open, settled, start, stop } from './browser.mjs';

before(start);
after(stop);

const THEN = 100;

test('a page of the past has the figures of the past, says so, and its links stay there', async () => {
  const page = await open(`tasks?block=${THEN}`);
  const { then, now } = await ask(`{ then: tasks(block: { number: ${THEN} }, where: { status: { eq: DISPUTED } }) { totalCount }
    now: tasks(where: { status: { eq: DISPUTED } }) { totalCount } }`);
  assert.notEqual(then.totalCount, now.totalCount);
  await page.getByRole('link', { name: 'Disputed', exact: true }).click();
  await page.waitForFunction(() => location.hash.includes('DISPUTED'));
  await settled(page);
  await page.waitForFunction((count) => document.querySelectorAll('main tbody tr').length === count, then.totalCount);
  assert.match(await page.locator('#past').innerText(), /You look at the past: block 100, 2025-/);
  for (const link of await page.locator('main a[href^="#/"], #rooms a').all())
    assert.match(await link.getAttribute('href'), /block=100/);
  await page.getByRole('link', { name: 'Back to the present' }).click();
  await page.waitForFunction(() => document.getElementById('past').hidden);
  await page.finish();
});

test('the slider moves by the keyboard', async () => {
  const page = await open('tasks');
  await page.waitForFunction(() => Number(document.getElementById('slider').max) > 1_000);
  await page.locator('#slider').focus();
  await page.keyboard.press('PageDown');
  await page.waitForFunction(() => /block=\d+/.test(location.hash));
  await page.waitForFunction(() => !document.getElementById('past').hidden);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'slider');
  await page.keyboard.press('End');
  await page.waitForFunction(() => !location.hash.includes('block'));
  await page.waitForFunction(() => document.getElementById('past').hidden);
  await page.finish();
});

test('a task is in the state of its block', async () => {
  const { task } = await ask(`{ task(id: "34", block: { number: ${THEN} }) { status } }`);
  const page = await open(`task/task-34?block=${THEN}`);
  assert.equal((await page.locator('.machine .lit text').textContent()).toUpperCase(), task.status);
  const story = await page.locator('.events .where').allInnerTexts();
  assert.ok(story.every((where) => Number(/block (\d+)/.exec(where)[1]) <= THEN));
  await page.finish();
});

test('before a thing was there the page says so, and what to do', async () => {
  const page = await open('task/task-34?block=10');
  assert.match(await page.locator('main').innerText(), /There is no task 34 here[\s\S]*move the slider to a later block/);
  await page.finish();
});

test('a block that the index does not have is refused in words', async () => {
  const page = await open('tasks?block=999999999', { expects: /400/ });
  assert.match(await page.locator('main').innerText(), /The API refuses this[\s\S]*999999999/);
  await page.finish();
});
