// The way through the door, for agents in the world of npm: the official client of MCP, and viem as the wallet. Enters:
// the address of the door, a private key. Leaves: tools to call, and commands that are prepared, signed, submitted and
// followed until a block holds them. Always holds: the key stays here; only signatures go through the door; each wait
// has a bound.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { privateKeyToAccount } from 'viem/accounts';

const mostLooks = 600;
const pause = 50;

export async function enter(url, key) {
  const account = privateKeyToAccount(key);
  const client = new Client({ name: 'an-agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));

  const call = async (name, args) => {
    const answer = await client.callTool({ name, arguments: args });
    return { isError: answer.isError === true, ...answer.structuredContent };
  };

  const until = async (what, look) => {
    let found;
    const seen = {};
    for (let looks = 0; looks < mostLooks; looks++) {
      found = await look(seen);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Error(`expected ${what} within ${mostLooks} looks, found ${JSON.stringify(seen)}`);
  };

  const act = async (command, args) => {
    const prepared = await call(`prepare_${command.replace('.', '_')}`, { as: account.address, arguments: args });
    if (prepared.isError) throw new Error(`expected ${command} to be prepared, found ${JSON.stringify(prepared)}`);
    const { domain, types, primaryType, message } = prepared.relay.typedData;
    const { EIP712Domain: _, ...ours } = types;
    const signature = await account.signTypedData({ domain, types: ours, primaryType, message });
    const { chainId, forwarder, request } = prepared.relay;
    const taken = await call('submit', { command, relay: { chainId, forwarder, request }, signature });
    if (taken.isError) throw new Error(`expected ${command} to be taken, found ${JSON.stringify(taken)}`);
    const status = await until(`${command} to happen`, async () => {
      const now = await call('command_status', { id: taken.id });
      if (now.isOver && now.status !== 'finalized') throw new Error(`expected ${command} to happen, found ${JSON.stringify(now)}`);
      return ['included', 'finalized'].includes(now.status) && now;
    });
    if (status.succeeded !== true) throw new Error(`expected ${command} to succeed, found ${JSON.stringify(status)}`);
    return { ...status, outcome: prepared.outcome };
  };

  // A question of GraphQL, until the index has what is asked for.
  const ask = (query, variables, pick) => until(query, async (seen) => {
    const { data, errors } = await call('query', { query, variables });
    Object.assign(seen, { data, errors });
    return data && pick(data);
  });

  return { account, client, call, act, ask };
}
