// A whole life by wallet: a client posts a task, an agent bids, works and delivers; the client disputes; a panel votes,
// sealed and then opened; the money moves. Everything that the three sides do is done in the page with a wallet of
// EIP-6963; only what nobody's wallet would do stands beside it: time passes, and the court is set up.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { act, choose, enter, fill, preview, sign } from './acts.mjs';
import { DASHBOARD, ask, door, go, says, start, stop } from './browser.mjs';
import { Person, chainTime, pass, until, wei, wordOf } from './people.mjs';

const ATTESTER = '0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356';
const JUDGES = 7;
const DAY = 86_400;

const people = { client: new Person('client'), agent: new Person('agent'), judges: [] };

before(async () => {
  await start();
  // Without a court the market takes no task. Its verifiers joined a week ago.
  const attester = new Person('attester', ATTESTER);
  for (let i = 0; i < JUDGES; i++) {
    const judge = new Person(`judge-${i}`);
    await judge.becomesAgent(900);
    await attester.does('verifiers.attest', {
      verifierId: judge.agent, orgKey: wordOf(`organisation ${i}`), asnKey: wordOf(`network ${i}`), validUntil: `${await chainTime() + 100 * DAY}`,
    });
    await judge.does('verifiers.join', { verifierId: judge.agent });
    people.judges.push(judge);
  }
  await pass(8 * DAY);
});
after(stop);

const dispute = async (id) => (await ask(`query ($id: ID!) { dispute(id: $id) { phase ruling seedBlock seated commitEnd revealEnd appealEnd evidenceEnd } }`, { id })).dispute;
const taskRow = async (id) => (await ask('query ($id: ID!) { task(id: $id) { status price dispute { id } workLeases { nodes { id } } } }', { id })).task;
const pages = {};
let task;
let court;

test('the client takes credits from the faucet, brings them into the Vault, and posts a task', async () => {
  const page = (pages.client = await enter(people.client));
  await act(page, 'wallet', 'Take credits from the faucet');
  await go(page, 'wallet');
  await page.waitForFunction(() => document.querySelector('.as-tokens')?.innerText.startsWith('1,000'));
  const deposit = await act(page, 'wallet', 'Bring tokens into the Vault', { amount: '1000' });
  assert.match(deposit.effect, /Brings 1000 credits/);
  await go(page, 'wallet');
  await page.waitForFunction(() => document.querySelector('.in-vault')?.innerText.startsWith('1,000'));
  const posted = await act(page, 'wallet', 'Post a task', { $text: 'Count the words of the text.', 'terms.maxPrice': '100' });
  assert.match(posted.effect, /Opens a task that expires at .+; 100 credits move from the sender's wallet in the vault to its escrow/);
  assert.match(posted.effect, /It costs you nothing: the relayer pays/);
  task = /task-\d+/.exec(posted.changed)[0];
  assert.equal((await taskRow(task)).status, 'BIDDING');
  // The specification lies in the host's store under the hash that the chain has.
  const { terms } = (await ask('query ($id: ID!) { task(id: $id) { terms { specUri specHash } } }', { id: task })).task;
  assert.match(terms.specUri, /^ipfs:\/\/bafkrei/);
  const kept = await fetch(`${DASHBOARD}/v1/content/${terms.specUri.slice(7)}`);
  assert.equal(await kept.text(), 'Count the words of the text.');
  assert.equal(terms.specHash, `0x${createHash('sha256').update('Count the words of the text.').digest('hex')}`);
});

test('the agent registers, stakes, bids, is given the work, works and delivers', async () => {
  const page = (pages.agent = await enter(people.agent));
  await act(page, 'wallet', 'Take credits from the faucet');
  await act(page, 'wallet', 'Bring tokens into the Vault', { amount: '1000' });
  const registered = await act(page, 'wallet', 'Register an agent', { agentURI: 'https://example.org/agent' });
  const agent = /agent-\d+/.exec(registered.changed)[0];
  people.agent.agent = agent.replace('agent-', '');
  await act(page, `agent/${agent}`, 'Put up stake', { amount: '500' });
  await act(page, `task/${task}`, 'Bid for this task', { price: '70', proposalHash: 'I count quickly.' });
  await pass(700);
  await act(pages.client, `task/${task}`, 'Give it to the best bid');
  await until('the match', async () => (await taskRow(task)).status === 'MATCHED');
  await act(page, `task/${task}`, 'Start to work');
  await act(page, `task/${task}`, 'Say that the work goes on', { progressHash: 'half of it' });
  const delivered = await act(page, `task/${task}`, 'Deliver the work', { $text: '42', receiptHash: 'by hand' });
  assert.match(delivered.changed, /Task submitted/);
  assert.equal((await taskRow(task)).price, wei(70));
});

test('the client disputes; both sides say their word; the panel is called and drawn', async () => {
  await go(pages.client, `task/${task}`);
  await pages.client.getByRole('link', { name: 'Dispute the result' }).click();
  await pages.client.waitForSelector('es-act form');
  await fill(pages.client, { kind: '3', claimHash: 'It did not count at all.' });
  await preview(pages.client);
  await sign(pages.client);
  court = (await until('the dispute', async () => (await taskRow(task)).dispute)).id;
  await act(pages.client, `dispute/${court}`, 'Say your word to the panel', { side: '1', evidence: 'https://example.org/claim' });
  await act(pages.agent, `dispute/${court}`, 'Say your word to the panel', { side: '2', evidence: 'https://example.org/answer' });
  await pass(4 * 3_600 + 60);
  await act(pages.client, `dispute/${court}`, 'Call the panel');
  for (let draws = 0; (await dispute(court)).phase === 'DRAW' && draws < 8; draws++) {
    const { seedBlock } = await dispute(court);
    const { _meta } = await ask('{ _meta { block { number } } }');
    await pass(0, Math.max(1, Number(seedBlock) + 17 - _meta.block.number));
    await act(pages.client, `dispute/${court}`, 'Draw the panel');
    await until('the draw', async () => { const now = await dispute(court); return now.phase !== 'DRAW' || now.seedBlock !== seedBlock; });
  }
  assert.equal((await dispute(court)).phase, 'VOTING');
});

test('the panel votes, sealed and then opened with what this browser kept; the money moves', async () => {
  const seated = (await dispute(court)).seated.map(String);
  const panel = people.judges.filter(({ agent }) => seated.includes(agent));
  assert.equal(panel.length, seated.length);
  for (const judge of panel) {
    const page = (pages[judge.name] = await enter(judge));
    await act(page, `dispute/${court}`, 'Vote, sealed', { $choice: '2' });
    await go(page, 'wallet');
    await says(page, 'es-purse', /vote of agent-\d+ in\s+dispute/);
  }
  const left = async (until) => Math.max(1, Math.floor(Date.parse((await dispute(court))[until]) / 1_000) - (await chainTime()));
  await pass(await left('commitEnd'));
  for (const judge of panel)
    assert.match((await act(pages[judge.name], `dispute/${court}`, 'Open your vote', { justificationHash: 'The words were not counted.' })).effect, /: 2\./);
  if ((await dispute(court)).phase === 'VOTING') {
    await pass(await left('revealEnd'));
    await act(pages.client, `dispute/${court}`, 'Count the votes');
  }
  await until('the ruling', async () => (await dispute(court)).phase === 'APPEAL');
  assert.equal((await dispute(court)).ruling, 'UPHELD');
  await pass(await left('appealEnd'));
  await act(pages.client, `dispute/${court}`, 'Carry the ruling out');
  await until('the end', async () => (await taskRow(task)).status === 'CANCELLED');
  await go(pages.client, `task/${task}`);
  await says(pages.client, 'section[aria-label="Payouts"]', /refund[\s\S]*100/i);
  await door('mine');
});

test('no page complained', async () => {
  for (const page of Object.values(pages)) await page.finish();
});
