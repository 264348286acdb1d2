// A Chromium for a test: opens pages of the dashboard and hears what goes wrong in them. Always holds: a page that
// complained in its console, threw, or asked another host fails the test that closes it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const DASHBOARD = process.env.DASHBOARD ?? 'http://127.0.0.1:18080';
/** How long a test waits for anything: long, for machines that do much else. */
export const LIMIT_MS = 180_000;

let browser;

export async function start() {
  browser = await chromium.launch({
    executablePath: process.env.ES_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

export const stop = () => browser?.close();

/**
 * @param {{ width?: number, scheme?: 'light' | 'dark', expects?: RegExp, prepare?: (context: any) => Promise<unknown> }} [wishes]
 * prepare is called with the context before the first page
 */
export async function open(path = '', { width = 1440, scheme = 'light', expects, prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 960 }, colorScheme: scheme });
  if (process.env.WEB) await context.route('**/dashboard/**', fromDisk);
  await prepare?.(context);
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expects?.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(DASHBOARD) && !request.url().startsWith('data:')) complaints.push(`asked ${request.url()}`);
  });
  page.finish = async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  await page.goto(`${DASHBOARD}/#/${path}`);
  await settled(page);
  return page;
}

/** With WEB, a folder, the page's files come from there: who writes the page need not build the host. */
async function fromDisk(route) {
  const path = `${process.env.WEB}/${new URL(route.request().url()).pathname.replace('/dashboard/', '')}`;
  return existsSync(path) ? route.fulfill({ path }) : route.continue();
}

/** Waits until the page of the address is there. */
export const settled = (page) => page.waitForSelector('main:not([aria-busy]) h1', { state: 'attached' });

/** Waits until a part of the page says something, and gives what it says. */
export async function says(page, selector, words) {
  const place = page.locator(selector).first();
  try {
    await page.waitForFunction(
      ([where, source, flags]) => new RegExp(source, flags).test(document.querySelector(where)?.innerText ?? ''),
      [selector, words.source, words.flags],
    );
  } catch (fault) {
    throw new Error(`expected ${selector} to say ${words}, found:\n${await place.innerText()}`, { cause: fault });
  }
  return place.innerText();
}

/** Goes to another page of the dashboard, as a link does. */
export async function go(page, path) {
  await page.evaluate((hash) => {
    document.getElementById('page').setAttribute('aria-busy', 'true');
    if (location.hash === hash) window.dispatchEvent(new HashChangeEvent('hashchange'));
    else location.hash = hash;
  }, `#/${path}`);
  await settled(page);
}

export async function ask(query, variables = {}) {
  const answer = await fetch(`${DASHBOARD}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  return data;
}

/** Asks the test's host to do something. */
export async function door(deed) {
  const answer = await fetch(`${process.env.DOOR}/${deed}`, { method: 'POST' });
  assert.equal(answer.status, 200, `expected ${deed} to be done, found ${await answer.clone().text()}`);
  return answer.text();
}
