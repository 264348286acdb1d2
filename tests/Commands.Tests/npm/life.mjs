// An agent in the world of npm: it registers, looks at itself, pauses. Enters: the address of the door, a private key. Leaves: on
// standard output what it saw, as JSON.
import { enter } from './door.mjs';

const [url, key] = process.argv.slice(2);
const { account, client, call, act, ask } = await enter(url, key);
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const before = await call('next_actions', { as: account.address });
const registered = await act('agents.register', { agentURI: 'ipfs://from-npm' });
const mine = await ask(
  'query ($owner: Address!) { agents(where: { owner: { eq: $owner } }) { nodes { id uri } } }', { owner: account.address },
  (data) => data.agents.nodes[0]);
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
