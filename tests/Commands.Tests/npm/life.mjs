// An agent in the world of npm: the official client of MCP, and viem as its wallet. Enters: the address of the door, a private key. Leaves: on
// standard output what it saw, as JSON. Always holds: the key stays here; only signatures go through the door.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { privateKeyToAccount } from 'viem/accounts';

const [url, key] = process.argv.slice(2);
const account = privateKeyToAccount(key);
const client = new Client({ name: 'an-agent', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));

const call = async (name, args) => {
  const answer = await client.callTool({ name, arguments: args });
  return { isError: answer.isError === true, ...answer.structuredContent };
};

async function act(command, args) {
  const prepared = await call(`prepare_${command.replace('.', '_')}`, { as: account.address, arguments: args });
  if (prepared.isError) throw new Error(`expected ${command} to be prepared, found ${JSON.stringify(prepared)}`);
  const { domain, types, primaryType, message } = prepared.relay.typedData;
  const { EIP712Domain: _, ...ours } = types;
  const signature = await account.signTypedData({ domain, types: ours, primaryType, message });
  const { chainId, forwarder, request } = prepared.relay;
  const taken = await call('submit', { command, relay: { chainId, forwarder, request }, signature });
  if (taken.isError) throw new Error(`expected ${command} to be taken, found ${JSON.stringify(taken)}`);
  for (let tries = 0; tries < 600; tries++) {
    const status = await call('command_status', { id: taken.id });
    if (status.status === 'included' || status.status === 'finalized') return status;
    if (status.isOver) throw new Error(`expected ${command} to happen, found ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`expected ${command} to happen within 600 looks`);
}

const tools = (await client.listTools()).tools.map((tool) => tool.name);
const before = await call('next_actions', { as: account.address });
const registered = await act('agents.register', { agentURI: 'ipfs://from-npm' });
let mine;
for (let tries = 0; tries < 600 && !mine; tries++) {
  const found = await call('query', {
    query: 'query ($owner: Address!) { agents(where: { owner: { eq: $owner } }) { nodes { id uri } } }', variables: { owner: account.address },
  });
  mine = found.data?.agents.nodes[0];
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const actions = await call('next_actions', { as: account.address, id: mine.id });
const paused = await act('agents.setStatus', { agentId: mine.id.slice('agent-'.length), status: '2', reason: `0x${'11'.repeat(32)}` });
const then = await call('at_block', { id: mine.id, block: registered.block });
const refused = await call('prepare_agents_setStatus', {
  as: '0x0000000000000000000000000000000000000001', arguments: { agentId: mine.id.slice('agent-'.length), status: '1', reason: `0x${'11'.repeat(32)}` },
});
const resources = await client.listResources();
const templates = await client.listResourceTemplates();
const agent = await client.readResource({ uri: `agent://${mine.id.slice('agent-'.length)}` });
const missing = await client.callTool({ name: 'no_such_tool', arguments: {} }).then(() => 'answered', (fault) => String(fault.code));
console.log(JSON.stringify({
  tools: tools.length, before: before.actions.length, uri: mine.uri,
  legal: actions.actions.filter((one) => one.isLegal).map((one) => one.command), paused: paused.succeeded, then: then.state, refused: refused.code,
  resources: resources.resources.map((one) => one.uri), templates: templates.resourceTemplates.map((one) => one.uriTemplate),
  agent: JSON.parse(agent.contents[0].text), missing,
}));
await client.close();
