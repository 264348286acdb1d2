// The page survives a restart of the API and of the database, and says both: that it is cut off, and that it is back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { door, open, start, stop } from './browser.mjs';

before(start);
after(stop);

const EXPECTED = /Failed to load resource|net::ERR|ERR_/;
const state = (page, wanted) => page.waitForFunction((name) => document.getElementById('line').dataset.state === name, wanted);

/** The page at the same place, cut off and back again. */
async function survive(away, back, why) {
  const page = await open('', { expects: EXPECTED });
  await state(page, 'live');
  const before = await page.locator('.figure .value').first().innerText();
  await door(away);
  await state(page, 'lost');
  assert.match(await page.locator('#alarm').innerText(), why);
  assert.equal(await page.locator('.figure .value').first().innerText(), before);
  await door(back);
  await state(page, 'live');
  assert.match(await page.locator('#line').innerText(), /Live again since/);
  assert.equal(await page.locator('#alarm').isVisible(), false);
  await door('mine');
  await page.waitForFunction((old) => document.querySelector('.figure .value').innerText !== old, before);
  await page.finish();
}

test('the API restarts', () => survive('stop', 'start', /Cut off\. The API does not answer\.[\s\S]*tries again by itself/));

test('the database goes away and comes back', () => survive('database/away', 'database/back', /Cut off\.[\s\S]*tries again by itself/));

test('a page that is opened while the API is away says what to do', async () => {
  const page = await open('', { expects: EXPECTED });
  await state(page, 'live');
  await door('stop');
  await state(page, 'lost');
  await page.evaluate(() => { location.hash = '#/tasks'; });
  await page.waitForSelector('.trouble');
  assert.match(await page.locator('main').innerText(), /The API does not answer[\s\S]*\.\/es up/);
  await door('start');
  await page.waitForSelector('main table');
  await page.finish();
});
