// What happens on the chain comes to the page without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { door, open, start, stop } from './browser.mjs';

before(start);
after(stop);

test('a new block moves the number at the top, and the page was not loaded anew', async () => {
  const page = await open();
  await page.waitForFunction(() => document.getElementById('line').dataset.state === 'live');
  await page.evaluate(() => { window.isSame = true; });
  const number = () => page.locator('.figure .value').first().innerText();
  const before = await number();
  await door('mine');
  await page.waitForFunction((old) => document.querySelector('.figure .value').innerText !== old, before);
  assert.ok(Number((await number()).replaceAll(',', '')) > Number(before.replaceAll(',', '')));
  assert.equal(await page.evaluate(() => window.isSame), true);
  await page.finish();
});

test('an event shows at the head of the feed', async () => {
  const page = await open();
  await page.waitForFunction(() => document.getElementById('line').dataset.state === 'live');
  const recipient = JSON.parse(JSON.stringify(await door('drip')));
  await page.waitForSelector(`.feed a[title="${recipient}"]`);
  assert.match(await page.locator('.feed').innerText(), /takes 1,000 cr from the faucet/);
  await page.finish();
});

test('charts are drawn', async () => {
  const page = await open();
  await page.waitForSelector('es-chart canvas');
  const label = await page.locator('es-chart[role=img]').first().getAttribute('aria-label');
  assert.match(label, /now .+ from .+ to /);
  await page.finish();
});
