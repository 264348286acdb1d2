// One field finds everything that has a name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, open, start, stop } from './browser.mjs';

before(start);
after(stop);

/** @returns what is found, as text */
async function search(page, words) {
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('/');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(words);
  await page.keyboard.press('Enter');
  await page.waitForFunction((text) => document.querySelector('main h1')?.textContent === `“${text}”`, words);
  await page.waitForSelector('main:not([aria-busy])');
  return page.locator('main .panel').innerText();
}

test('a number, an id, an address, words, a hash, and nonsense', async () => {
  const page = await open();
  assert.match(await search(page, '12'), /task-12[\s\S]*agent-12[\s\S]*block 12/);
  assert.match(await search(page, 'dispute-1'), /dispute-1/);
  const { proposals, events } = await ask(`{ proposals(first: 1) { nodes { proposalId proposer text { description } } }
    events(first: 1, order: DESC) { nodes { transaction block { number } } } }`);
  const [proposal] = proposals.nodes;
  assert.match(await search(page, proposal.proposer), /an account/);
  assert.match(await search(page, proposal.proposalId), /proposal/);
  assert.ok((await search(page, proposal.text.description.split(' ')[0])).includes(proposal.text.description));
  const [event] = events.nodes;
  assert.match(await search(page, event.transaction), new RegExp(`block ${event.block.number}`));
  assert.match(await search(page, 'zzzz qqqq'), /Nothing\. Looked through/);
  await page.finish();
});

test('an old transaction leads to its block and to the things that it changed, an old block is found by its hash', async () => {
  const { events } = await ask('{ events(types: ["task_matched"], first: 1) { nodes { transaction stream block { number hash } } } }');
  const [event] = events.nodes;
  const page = await open();
  const found = await search(page, event.transaction);
  assert.match(found, new RegExp(`block ${event.block.number}[\\s\\S]*the block of this transaction`));
  assert.ok(found.includes(event.stream), found);
  assert.match(found, /wins with/);
  assert.match(await search(page, event.block.hash), new RegExp(`block ${event.block.number}[\\s\\S]*the block with this hash`));
  assert.match(await search(page, `0x${'7'.repeat(64)}`), /Nothing\. Looked among/);
  await page.finish();
});

test('whole numbers beyond a double stay exact', async () => {
  const page = await open('tasks');
  const read = await page.evaluate(async () => (await import('/dashboard/graphql.js')).parseExactly('{"a":30000000000000000001,"b":7,"c":1.5}'));
  assert.deepEqual(read, { a: '30000000000000000001', b: 7, c: 1.5 });
  await page.finish();
});

test('markup in the search is text', async () => {
  const page = await open();
  await search(page, '<img src=x onerror=alert(1)>');
  assert.equal(await page.locator('main img').count(), 0);
  await page.finish();
});
