// A client of ERC-8183, written from the standard's text and ERC-20, hires, evaluates and pays through the door. The forms with
// `optParams` are those of the text; the events are those of its reference contract.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keccak256, parseAbi, toHex, zeroAddress } from 'viem';
import { CREDIT, ground } from './ground.mjs';

const acp = parseAbi([
  'function createJob(address provider, address evaluator, uint256 expiredAt, string description, address hook) external returns (uint256)',
  'function setProvider(uint256 jobId, address provider, bytes optParams) external',
  'function setBudget(uint256 jobId, uint256 amount, bytes optParams) external',
  'function fund(uint256 jobId, uint256 expectedBudget, bytes optParams) external',
  'function submit(uint256 jobId, bytes32 deliverable, bytes optParams) external',
  'function complete(uint256 jobId, bytes32 reason, bytes optParams) external',
  'function reject(uint256 jobId, bytes32 reason, bytes optParams) external',
  'function claimRefund(uint256 jobId) external',
  'struct Job { uint256 id; address client; address provider; address evaluator; string description; uint256 budget; uint256 expiredAt; uint8 status; address hook; }',
  'function getJob(uint256 jobId) external view returns (Job)',
  'function paymentToken() external view returns (address)',
  'event JobCreated(uint256 indexed jobId, address indexed client, address indexed provider, address evaluator, uint256 expiredAt, address hook)',
  'event ProviderSet(uint256 indexed jobId, address indexed provider)',
  'event BudgetSet(uint256 indexed jobId, uint256 amount)',
  'event JobFunded(uint256 indexed jobId, address indexed client, uint256 amount)',
  'event JobSubmitted(uint256 indexed jobId, address indexed provider, bytes32 deliverable)',
  'event JobCompleted(uint256 indexed jobId, address indexed evaluator, bytes32 reason)',
  'event JobRejected(uint256 indexed jobId, address indexed rejector, bytes32 reason)',
  'event JobExpired(uint256 indexed jobId)',
  'event PaymentReleased(uint256 indexed jobId, address indexed provider, uint256 amount)',
  'event Refunded(uint256 indexed jobId, address indexed client, uint256 amount)',
]);
// The same function without its optional part.
const short = parseAbi(['function submit(uint256 jobId, bytes32 deliverable) external']);
const erc20 = parseAbi([
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
]);
const [OPEN, FUNDED, SUBMITTED, COMPLETED, REJECTED, EXPIRED] = [0, 1, 2, 3, 4, 5];
const BUDGET = 40n * CREDIT;
const DELIVERABLE = keccak256(toHex('the work'));
const REASON = keccak256(toHex('well done'));

let chain;
let jobs;
let token;
let client;
let provider;
let evaluator;

before(async () => {
  chain = await ground();
  await chain.court();
  [client, provider, evaluator] = chain.people;
  jobs = chain.contracts.jobs;
  await chain.serveAs(provider, await chain.agent(provider, 100n));
  await chain.give(client, 200n);
  token = await chain.read(jobs, acp, 'paymentToken');
  await chain.send(client, token, erc20, 'approve', [jobs, 200n * CREDIT]);
});

after(() => chain.stop());

const act = (who, name, ...args) => chain.send(who, jobs, acp, name, args);
const names = (logs) => logs.map((log) => log.eventName);
const statusOf = async (jobId) => (await chain.read(jobs, acp, 'getJob', [jobId])).status;

async function created(seconds = 86_400n) {
  const [log] = await act(client, 'createJob', zeroAddress, evaluator.address, (await chain.now()) + seconds, 'translate a page', zeroAddress);
  return log.args.jobId;
}

async function funded(seconds) {
  const jobId = await created(seconds);
  await act(client, 'setProvider', jobId, provider.address, '0x');
  await act(provider, 'setBudget', jobId, BUDGET, '0x');
  assert.equal(await statusOf(jobId), OPEN);
  assert.deepEqual(names(await act(client, 'fund', jobId, BUDGET, '0x')), ['JobFunded']);
  return jobId;
}

test('A job is created, priced, funded, delivered and paid', async () => {
  const before = await chain.read(token, erc20, 'balanceOf', [client.address]);
  const jobId = await funded();
  assert.equal(await statusOf(jobId), FUNDED);
  assert.equal(before - (await chain.read(token, erc20, 'balanceOf', [client.address])), BUDGET);
  const [submitted] = await act(provider, 'submit', jobId, DELIVERABLE, '0x');
  assert.deepEqual(submitted.args, { jobId, provider: provider.address, deliverable: DELIVERABLE });
  assert.equal(await statusOf(jobId), SUBMITTED);
  await assert.rejects(act(client, 'complete', jobId, REASON, '0x'));
  const ended = await act(evaluator, 'complete', jobId, REASON, '0x');
  assert.deepEqual(names(ended), ['JobCompleted', 'PaymentReleased']);
  assert.deepEqual(ended[0].args, { jobId, evaluator: evaluator.address, reason: REASON });
  assert.deepEqual(ended[1].args, { jobId, provider: provider.address, amount: (BUDGET * 99n) / 100n });
  assert.equal(await statusOf(jobId), COMPLETED);
  const job = await chain.read(jobs, acp, 'getJob', [jobId]);
  assert.deepEqual([job.id, job.client, job.description, job.budget], [jobId, client.address, 'translate a page', BUDGET]);
});

test('Another price than expected is not paid', async () => {
  const jobId = await created();
  await act(client, 'setProvider', jobId, provider.address, '0x');
  await act(provider, 'setBudget', jobId, 2n * BUDGET, '0x');
  await assert.rejects(act(client, 'fund', jobId, BUDGET, '0x'));
});

test('An open job is rejected by its client, a funded one by its evaluator', async () => {
  const open = await created();
  await assert.rejects(act(evaluator, 'reject', open, REASON, '0x'));
  assert.deepEqual(names(await act(client, 'reject', open, REASON, '0x')), ['JobRejected']);
  const jobId = await funded();
  await assert.rejects(act(client, 'reject', jobId, REASON, '0x'));
  const ended = await act(evaluator, 'reject', jobId, REASON, '0x');
  assert.deepEqual(names(ended), ['JobRejected', 'Refunded']);
  assert.deepEqual(ended[1].args, { jobId, client: client.address, amount: BUDGET });
  assert.equal(await statusOf(jobId), REJECTED);
});

test('The forms without optional parameters are there too', async () => {
  const jobId = await funded();
  await chain.send(provider, jobs, short, 'submit', [jobId, DELIVERABLE]);
  assert.equal(await statusOf(jobId), SUBMITTED);
});

test('What nobody delivers is given back from the expiry on', async () => {
  const jobId = await funded(3_600n);
  await assert.rejects(act(evaluator, 'claimRefund', jobId));
  await chain.wait(3_600);
  assert.deepEqual(names(await act(evaluator, 'claimRefund', jobId)), ['JobExpired', 'Refunded']);
  assert.equal(await statusOf(jobId), EXPIRED);
});
