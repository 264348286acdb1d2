// Every page, with data, wide and narrow, light and dark: no complaint, no serious finding of axe, nothing beside the
// screen. With SHOTS, a folder, a picture of each is kept there, to be looked at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { ask, go, open, start, stop } from './browser.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

before(start);
after(stop);

/** @type {[string, RegExp][]} path, and a title that only an answer with data has */
const PAGES = [
  ['', /Overview/], ['tasks', /Tasks/], ['task/task-34', /Task 34/], ['task/task-1', /Task 1 /], ['agents', /Agents/],
  ['agent/agent-24', /Agent 24/], ['leases', /Leases/], ['disputes', /Disputes/], ['dispute/dispute-1', /Dispute 1/],
  ['governance', /Governance/], ['guilds', /Guilds/], ['workflows', /Workflows/], ['workflow/workflow-1', /Workflow 1/],
  ['channels', /Channels/], ['bounties', /Bounties/], ['statistics', /Statistics/], ['events', /Events/],
  ['block/41', /Block 41/], ['thing/work-lease-1', /work-lease-1/], ['violations', /Violations/], ['search/12', /12/],
  ['nothing', /no such page/], ['operators', /Operators/], ['wallet', /Wallet/], ['act/tasks.create', /Post a task/],
];

// axe judges each width once and each scheme once: neither's findings depend on the other.
for (const [width, scheme, isJudged] of [[1440, 'light', true], [390, 'dark', true], [1440, 'dark', false], [390, 'light', false]])
  test(`every page at ${width} pixels, ${scheme}`, async (all) => {
    const page = await open('', { width, scheme });
    await page.evaluate(AXE);
    for (const [path, title] of PAGES)
      await all.test(path || 'the first screen', async () => {
        await go(page, path);
        assert.match(await page.locator('main h1').innerText(), title);
        assert.equal(await page.locator('.trouble').count(), 0);
        const beside = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beside <= 0, `expected nothing beside the screen, found ${beside} pixels`);
        if (process.env.SHOTS)
          await page.screenshot({ path: `${process.env.SHOTS}/${path.replaceAll('/', '-') || 'overview'}-${width}-${scheme}.png`, fullPage: true });
        if (isJudged) assert.deepEqual(await serious(page), []);
      });
    await page.finish();
  });

/** What axe finds that is serious or worse, in words. */
async function serious(page) {
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(' | ')}`);
}

test('a proposal and an account', async () => {
  const { proposals } = await ask('{ proposals(first: 1) { nodes { id proposer } } }');
  for (const [path, title] of [[`proposal/${proposals.nodes[0].id}`, /Proposal/], [`account/${proposals.nodes[0].proposer}`, /^0x/]]) {
    const page = await open(path);
    assert.match(await page.locator('main h1').innerText(), title);
    await page.finish();
  }
});

test('the story of a task has every event of its streams, and the state machine lights its state', async () => {
  const page = await open('task/task-34');
  const { stream, task } = await ask(`{ stream(id: "task-34") { version } task(id: "34") { story(first: 1000) { stream } } }`);
  assert.equal(task.story.filter((event) => event.stream === 'task-34').length, stream.version);
  assert.ok(task.story.some((event) => event.stream === 'dispute-1'));
  assert.equal(await page.locator('.events li').count(), task.story.length);
  assert.equal(await page.locator('.machine .lit text').textContent(), 'Finalized');
  await page.finish();
});
