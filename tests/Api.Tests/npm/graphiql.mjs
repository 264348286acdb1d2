// GraphiQL in a real Chromium: types a query, presses the button, and prints what the page shows. Arguments: the host's address, the query.
import { chromium } from 'playwright-core';

const [address, query] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.ES_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  const elsewhere = [];
  const complaints = [];
  page.on('request', (request) => { if (!request.url().startsWith(address) && !request.url().startsWith('data:')) elsewhere.push(request.url()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  await page.goto(new URL('/graphiql', address).href);
  const editor = page.locator('.graphiql-query-editor .CodeMirror');
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(query);
  await page.locator('.graphiql-execute-button').click();
  await page.waitForFunction(() => document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue().includes('"data"'));
  const answer = await page.evaluate(() => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue());
  console.log(JSON.stringify({ answer: JSON.parse(answer), elsewhere, complaints }));
} finally {
  await browser.close();
}
