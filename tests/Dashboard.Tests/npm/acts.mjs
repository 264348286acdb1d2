// What a person does in the page. Enters: a page with a wallet. Leaves: commands that a block holds. Always holds: it is
// done by buttons and fields, as a person does it.
import assert from 'node:assert/strict';
import { go, open, settled } from './browser.mjs';
import { injectWallet } from './people.mjs';

/** A page in which somebody's wallet is connected. */
export async function enter(person, wishes = {}) {
  let wallet;
  const page = await open('wallet', { ...wishes, prepare: async (context) => { wallet = await injectWallet(context, person, wishes.wallet); } });
  await page.getByRole('button', { name: 'Test wallet' }).click();
  await page.waitForSelector(`es-purse[data-account="${person.address}"]`);
  page.wallet = wallet;
  return page;
}

/** Goes to a thing and presses what it may do there. */
export async function choose(page, path, what) {
  await go(page, path);
  try {
    await page.getByRole('link', { name: what, exact: true }).first().click();
  } catch (fault) {
    throw new Error(`expected "${what}" on ${path}, found:\n${await page.locator('main').innerText()}`, { cause: fault });
  }
  await settled(page);
  await page.waitForSelector('es-act form');
}

/** Fills fields of the form by their labels' arguments, opens what is folded. */
export async function fill(page, values) {
  if (await page.locator('es-act details').count()) await page.locator('es-act details').evaluate((one) => { one.open = true; });
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`es-act [name="${name}"]`);
    if ((await field.evaluate((one) => one.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Looks at what it would do. */
export async function preview(page) {
  await page.getByRole('button', { name: 'See what it would do' }).click();
  await page.waitForSelector('es-act .preview, es-act .refusal, es-act .field .wrong');
  assert.equal(await page.locator('es-act .refusal').count(), 0, await page.locator('es-act').innerText());
  assert.equal(await page.locator('es-act .field .wrong').count(), 0, await page.locator('es-act').innerText());
  return page.locator('es-act .preview').innerText();
}

/** Signs, and waits until a block holds it and the page says what changed; the page is not loaded anew. */
export async function sign(page) {
  await page.evaluate(() => { window.isSame = true; });
  await page.getByRole('button', { name: 'Sign and hand in' }).click();
  await page.waitForSelector('es-act es-way[data-phase="included"] .changed, es-act es-way[data-phase="finalized"] .changed, es-act es-way .wrong, es-act .refusal');
  assert.equal(await page.locator('es-act .refusal, es-act es-way .wrong').count(), 0, await page.locator('es-act').innerText());
  assert.equal(await page.evaluate(() => window.isSame), true);
  return page.locator('es-act es-way .changed').innerText();
}

/** The whole of it: choose, fill, look, sign. */
export async function act(page, path, what, values = {}) {
  await choose(page, path, what);
  await fill(page, values);
  const effect = await preview(page);
  const changed = await sign(page);
  return { effect, changed };
}
