// The first screen is small, and no page runs what this host did not write.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DASHBOARD, open, start, stop } from './browser.mjs';

const MOST_BYTES = 300_000;

before(start);
after(stop);

test('the whole first screen is below 300 kB', async () => {
  const page = await open();
  await page.waitForSelector('es-chart canvas');
  const parts = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(({ name, transferSize, decodedBodySize }) => ({ name, transferSize, decodedBodySize })));
  const bytes = parts.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0);
  console.log(`first screen: ${parts.length} files, ${bytes} bytes, ${parts.reduce((sum, { transferSize }) => sum + transferSize, 0)} sent`);
  assert.ok(parts.some(({ name }) => name.endsWith('uplot.js')));
  assert.ok(bytes < MOST_BYTES, `expected less than ${MOST_BYTES} bytes, found ${bytes}`);
  await page.finish();
});

test('a strict policy comes with the page, and a file that did not change is not sent twice', async () => {
  const page = await fetch(`${DASHBOARD}/`);
  const policy = page.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|https?:/);
  const again = await fetch(`${DASHBOARD}/dashboard/main.js`, { headers: { 'if-none-match': (await fetch(`${DASHBOARD}/dashboard/main.js`)).headers.get('etag') } });
  assert.equal(again.status, 304);
});

test('the addresses of the API are one step away', async () => {
  assert.match(await (await fetch(`${DASHBOARD}/about`)).text(), /\/graphql/);
});
