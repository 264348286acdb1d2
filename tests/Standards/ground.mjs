// The ground of the standards' clients: an anvil of its own with the economy on it, a court of three so that tasks may be created,
// and people with tokens. Enters: nothing. Leaves: addresses and accounts. Only this file knows our contracts; the clients know
// the standards.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPublicClient, createTestClient, createWalletClient, defineChain, http, parseAbi, parseEventLogs } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const contractsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'contracts');
const ANVIL = join(contractsFolder, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil');
const CHAIN_ID = 4827;
const TRIES = 200;
const PAUSE_MS = 50;
// A call costs more in the next second than in the one that its estimate saw: a vote's history gets a new entry.
const GAS_LIMIT = 3_000_000n;
// The eighth of anvil's well known test accounts and the two after it; account 0 holds the supply.
const KEYS = [
  '0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356',
  '0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97',
  '0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6',
];
const HOLDER = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
export const CREDIT = 10n ** 18n;

const ours = parseAbi([
  'function transfer(address to, uint256 amount) returns (bool)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function deposit(uint256 amount)',
  'function register() returns (uint256 agentId)',
  'function bond(uint256 agentId, uint256 amount)',
  'function join(uint256 agentId)',
  'function serveAs(uint256 agentId)',
  'event Registered(uint256 indexed agentId, string agentURI, address indexed owner)',
]);

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Starts a chain and deploys the economy to it. */
export async function ground() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const node = spawn(ANVIL, ['--port', String(port), '--chain-id', String(CHAIN_ID), '--silent'], { stdio: 'ignore' });
  const folder = mkdtempSync(join(tmpdir(), 'standards-'));
  const chain = defineChain({
    id: CHAIN_ID,
    name: 'anvil',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const reader = createPublicClient({ chain, transport: http(url), pollingInterval: PAUSE_MS });
  for (let tries = 0; ; tries++) {
    try {
      await reader.getChainId();
      break;
    } catch (error) {
      if (tries === TRIES) throw error;
      await pause();
    }
  }
  const out = join(folder, 'deployment.json');
  execFileSync('node', [join(contractsFolder, 'tools', 'deploy.mjs'), '--rpc', url, '--out', out], { stdio: 'pipe' });
  const contracts = JSON.parse(readFileSync(out, 'utf8')).contracts;
  const wallet = createWalletClient({ chain, transport: http(url) });
  const time = createTestClient({ chain, mode: 'anvil', transport: http(url) });

  /** Sends a call and answers the events of the ABI that it brought. */
  async function send(account, address, abi, functionName, args) {
    const { request } = await reader.simulateContract({ account, address, abi, functionName, args });
    const receipt = await reader.waitForTransactionReceipt({ hash: await wallet.writeContract({ ...request, gas: GAS_LIMIT }) });
    if (receipt.status !== 'success') throw new Error(`${functionName} was simulated and then reverted, with ${receipt.gasUsed} gas`);
    return parseEventLogs({ abi, logs: receipt.logs.filter((log) => log.address.toLowerCase() === address.toLowerCase()) });
  }

  const read = (address, abi, functionName, args = []) => reader.readContract({ address, abi, functionName, args });
  const people = KEYS.map((key) => privateKeyToAccount(key));
  return {
    contracts,
    people,
    send,
    read,
    stop() {
      node.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
    now: async () => (await reader.getBlock()).timestamp,
    async wait(seconds) {
      await time.increaseTime({ seconds });
      await time.mine({ blocks: 1 });
    },
    /** Gives tokens to a wallet. */
    give: (who, credits) => send(privateKeyToAccount(HOLDER), contracts.credit, ours, 'transfer', [who.address, credits * CREDIT]),
    /** An agent of an owner with free stake. */
    async agent(owner, stake) {
      await this.give(owner, stake);
      await send(owner, contracts.credit, ours, 'approve', [contracts.vault, stake * CREDIT]);
      await send(owner, contracts.vault, ours, 'deposit', [stake * CREDIT]);
      const [registered] = await send(owner, contracts.agentRegistry, ours, 'register', []);
      await send(owner, contracts.stake, ours, 'bond', [registered.args.agentId, stake * CREDIT]);
      return registered.args.agentId;
    },
    /** Three verifiers, of three owners: without a court there are no tasks. */
    async court() {
      for (const owner of people) {
        const agentId = await this.agent(owner, 100n);
        await send(owner, contracts.verifierPool, ours, 'join', [agentId]);
      }
    },
    serveAs: (provider, agentId) => send(provider, contracts.jobs, ours, 'serveAs', [agentId]),
  };
}
