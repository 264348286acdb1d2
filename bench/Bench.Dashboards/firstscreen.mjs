// The first screen in a real Chromium. Enters: the address of a host, and how often to open it. Leaves: one line of JSON:
// first contentful paint of each opening, the bytes that came, and what the page asked the API. Always holds: each
// opening is a browser context of its own, so nothing was kept from the one before.
import { createRequire } from 'node:module';

const [address, times, tests] = process.argv.slice(2);
const { chromium } = createRequire(`${tests}/`)('playwright-core');
const LIMIT_MS = 60_000;

const browser = await chromium.launch({
  executablePath: process.env.ES_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const paints = [];
let sent = 0;
let asked = [];
for (let time = 0; time < Number(times); time++) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 } });
  const page = await context.newPage();
  const questions = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/graphql') questions.push(request.postData());
  });
  await page.goto(`${address}/`);
  await page.waitForSelector('es-chart canvas', { timeout: LIMIT_MS });
  const seen = await page.evaluate(async () => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    sent: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
  }));
  paints.push(seen.paint);
  sent = Math.max(sent, seen.sent);
  asked = questions;
  await context.close();
}
await browser.close();
console.log(JSON.stringify({ paints, sent, asked }));
