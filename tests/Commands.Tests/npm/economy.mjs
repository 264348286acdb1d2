// The life of a task by MCP alone: an agent registers and stakes, a client posts, the agent bids and works, the client
// accepts. Enters: the address of the door, two private keys of people with credits, the terms of the task. Leaves: on
// standard output what the index says at the end, and what was legal on the way, as JSON.
import { enter } from './door.mjs';

const [url, clientKey, agentKey, given] = process.argv.slice(2);
const { terms, stake, price, words } = JSON.parse(given);
const client = await enter(url, clientKey);
const agent = await enter(url, agentKey);
const number = (id) => id.slice(id.lastIndexOf('-') + 1);

await agent.act('agents.register', { agentURI: 'ipfs://agent-of-npm' });
const mine = await agent.ask(
  'query ($owner: Address!) { agents(where: { owner: { eq: $owner } }) { nodes { id } } }', { owner: agent.account.address },
  (data) => data.agents.nodes[0]);
const agentId = number(mine.id);
await agent.act('stake.bond', { agentId, amount: stake });

const posted = await client.act('tasks.create', { agentId, terms });
const taskId = posted.outcome.results.taskId;
const of = (fields, pick) => client.ask(
  `query ($id: ID!) { task(id: $id) { ${fields} } }`, { id: `task-${taskId}` }, (data) => data.task && pick(data.task));
await of('status', (task) => task.status === 'BIDDING' && task);
const legal = async (who) => (await who.call('next_actions', { as: who.account.address, id: `task-${taskId}` }))
  .actions.filter((one) => one.isLegal).map((one) => one.command);
const beforeBid = await legal(agent);
await agent.act('tasks.placeBid', { taskId, agentId, price, eta: `${BigInt(terms.expiresAt) - 30000n}`, proposalHash: words.proposal });
await of('status', (task) => task.status === 'MATCHED' && task);
await agent.act('leases.start', { taskId });
const running = await of(
  'status workLeases { nodes { id } }', (task) => task.status === 'RUNNING' && task.workLeases.nodes.length > 0 && task);
await agent.act('leases.heartbeat', { leaseId: number(running.workLeases.nodes[0].id), progressHash: words.progress });
await agent.act('tasks.submit', { taskId, resultHash: words.result, receiptHash: words.receipt, resultURI: 'ipfs://result-of-npm' });
await of('status', (task) => task.status === 'VERIFYING' && task);
const beforeAccept = await legal(client);
await client.act('tasks.accept', { taskId });
const end = await of('status price agent { id }', (task) => task.status === 'FINALIZED' && task);
console.log(JSON.stringify({ taskId, agentId, end, beforeBid, beforeAccept }));
await client.client.close();
await agent.client.close();
