// The whole page without a mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, settled, start, stop } from './browser.mjs';

before(start);
after(stop);

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.id);

test('the first key leads past the frame, every room is reached, and a page takes the focus at its title', async () => {
  const page = await open();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'To the page');
  const rooms = await page.locator('#rooms a').allInnerTexts();
  await page.keyboard.press('Tab');
  for (const room of rooms) {
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), room);
  }
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('main h1')?.textContent === 'Wallet');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Wallet');
  assert.equal(await page.locator('#rooms a[aria-current=page]').innerText(), 'Wallet');
  await page.finish();
});

test('the focus is seen', async () => {
  const page = await open('tasks');
  await page.locator('main table a').first().focus();
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid');
  await page.finish();
});

test('a link keeps the focus while the page is read again', async () => {
  const page = await open('tasks');
  await page.waitForFunction(() => document.getElementById('line').dataset.state === 'live');
  const link = page.locator('main table a').first();
  await link.focus();
  const name = await link.innerText();
  await page.evaluate(() => window.dispatchEvent(new HashChangeEvent('hashchange')));
  await settled(page);
  assert.equal(await focused(page), name);
  await page.finish();
});
