// Takes the pictures of docs/images from a running host. Arguments: the address of a host that lives (the first screen),
// and that of one on which every story was told; the second may be the first.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [living, told = living] = process.argv.slice(2);
if (!living) throw new Error('expected the address of a host, found none');
const folder = new URL('../../../docs/images/', import.meta.url).pathname;
const SEEN_MS = 12_000;
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.ES_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function picture(name, address, path, { width = 1440, height = 960, scheme = 'light', wait = 800 } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(`${address}/#/${path}`);
  await page.waitForSelector('main:not([aria-busy]) h1', { state: 'attached' });
  await page.waitForTimeout(wait);
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
}

await picture('dashboard', living, '', { height: 1080, wait: SEEN_MS });
await picture('dashboard-dark', living, '', { height: 1080, scheme: 'dark', wait: SEEN_MS });
await picture('dashboard-phone', living, '', { width: 390, height: 844, wait: SEEN_MS });
await picture('task', told, 'task/task-34', { height: 1000, wait: SEEN_MS });
await picture('past', told, 'tasks?block=100', { height: 800, scheme: 'dark' });
await picture('dispute', told, 'dispute/dispute-1', { height: 900 });
await picture('agent', told, 'agent/agent-12', { height: 1000 });
await picture('operators', told, 'operators', { height: 960 });

// The wallet of somebody who came by the demo key and took credits.
const somebody = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await somebody.goto(`${told}/#/wallet`);
await somebody.getByRole('button', { name: 'Use a demo key of this browser' }).click();
await somebody.getByRole('link', { name: 'Take credits from the faucet' }).click();
await somebody.getByRole('button', { name: 'See what it would do' }).click();
await somebody.getByRole('button', { name: 'Sign and hand in' }).click();
await somebody.waitForSelector('es-way .changed', { timeout: 120_000 });
await somebody.goto(`${told}/#/wallet`);
await somebody.waitForSelector('es-purse .changed', { timeout: 120_000 });
await somebody.screenshot({ path: `${folder}wallet.png` });
await browser.close();
