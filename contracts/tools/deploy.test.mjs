// The deployment, on real anvils of its own: addresses, roles, code, and the catalog's hash on chain.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keccak } from './catalog.mjs';
import { artifact, artifactOf, contractsFolder, wiringFields } from './wiring.mjs';

const FOUNDRY = join(contractsFolder, 'node_modules', '@foundry-rs');
const READY_TRIES = 200;
const catalog = JSON.parse(readFileSync(join(contractsFolder, '..', 'docs', 'events', 'catalog.v1.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
const chains = [];
let first;
let second;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const rpc = async (url, method, ...params) => {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = await reply.json();
  if (error) throw new Error(error.message);
  return result;
};

async function anvil() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const node = spawn(join(FOUNDRY, 'anvil-linux-amd64/bin/anvil'), ['--port', String(port), '--chain-id', '4827', '--silent'], { stdio: 'ignore' });
  chains.push(node);
  for (let tries = 0; tries < READY_TRIES; tries++) {
    try {
      await rpc(url, 'eth_chainId');
      return url;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('expected an answer of anvil within 10 s, found none');
}

// The second of anvil's well known test keys, and its address.
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const DEPLOYER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';

const wordsFor = (url, out, ...more) => [join(contractsFolder, 'tools', 'deploy.mjs'), '--rpc', url, '--out', out, ...more];

function deploy(url, name, more = [], rest = {}) {
  const out = join(folder, name);
  execFileSync('node', wordsFor(url, out, ...more), { stdio: 'pipe', ...rest });
  return { url, out, deployment: JSON.parse(readFileSync(out, 'utf8')) };
}

// The command lines of all processes of this machine that can be read.
function* commandLines() {
  for (const id of readdirSync('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    try {
      yield readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      // It has ended meanwhile.
    }
  }
}

const call = (chain, contract, signature, ...args) => {
  const cast = (...words) => execFileSync(join(FOUNDRY, 'cast-linux-amd64/bin/cast'), words, { encoding: 'utf8' }).trim();
  return cast('call', '--rpc-url', chain.url, chain.deployment.contracts[contract], signature, ...args);
};

before(async () => {
  first = deploy(await anvil(), 'first.json');
  second = deploy(await anvil(), 'second.json');
});

after(() => {
  for (const chain of chains) chain.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('Two fresh chains get the same addresses', () => {
  assert.deepEqual(first.deployment.contracts, second.deployment.contracts);
});

test('Every contract of Wiring has code where deployment.json says', async () => {
  for (const field of wiringFields(artifact('Vault').abi))
    assert.notEqual(await rpc(first.url, 'eth_getCode', first.deployment.contracts[field], 'latest'), '0x', artifactOf(field));
});

test('The catalog hash on chain is that of the checked in catalog', async () => {
  const logs = await rpc(first.url, 'eth_getLogs', {
    address: first.deployment.contracts.directory,
    fromBlock: '0x0',
    topics: [keccak('ContractRegistered(bytes32,address,uint32,bytes32)')],
  });
  assert.equal(logs.length, wiringFields(artifact('Vault').abi).length);
  for (const log of logs) assert.equal(`0x${log.data.slice(2 + 64)}`, catalog.hash);
  assert.equal(first.deployment.catalogHash, catalog.hash);
});

test('The roles lie with timelock, governor and council, not with the deployer', () => {
  const { timelock, governor, council } = first.deployment.contracts;
  const role = (name) => keccak(name);
  const has = (name, who) => call(first, 'timelock', 'hasRole(bytes32,address)(bool)', role(name), who);
  assert.equal(has('PROPOSER_ROLE', governor), 'true');
  assert.equal(has('CANCELLER_ROLE', council), 'true');
  assert.equal(has('PROPOSER_ROLE', first.deployment.deployer), 'false');
  assert.equal(has('PROPOSER_ROLE', council), 'false');
  const admin = `0x${'0'.repeat(64)}`;
  for (const who of [first.deployment.deployer, governor, council])
    assert.equal(call(first, 'timelock', 'hasRole(bytes32,address)(bool)', admin, who), 'false');
  assert.equal(call(first, 'timelock', 'hasRole(bytes32,address)(bool)', admin, timelock), 'true');
});

test('Deploying again keeps what is on the chain', () => {
  assert.deepEqual(deploy(first.url, 'first.json').deployment, first.deployment);
});

test('A chain that does not sign is deployed to with a key, at other addresses for another deployer', async () => {
  const chain = deploy(await anvil(), 'keyed.json', ['--key-file', '-'], { input: `${KEY}\n` });
  assert.equal(chain.deployment.deployer.toLowerCase(), DEPLOYER);
  assert.notEqual(chain.deployment.contracts.vault, first.deployment.contracts.vault);
});

test('The key stands on no command line while the contracts are deployed', async () => {
  const out = join(folder, 'secret.json');
  const child = spawn('node', wordsFor(await anvil(), out), { stdio: 'ignore', env: { ...process.env, ES_DEPLOYER_KEY: KEY } });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let signed = 0;
  while (child.exitCode === null) {
    for (const line of commandLines()) {
      if (line.includes(' mktx ')) signed++;
      assert.ok(!line.includes(KEY.slice(2)), `expected no key on a command line, found ${line.slice(0, 60)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.equal(await ended, 0);
  assert.ok(signed > 0, 'expected to see transactions being signed');
  assert.equal(JSON.parse(readFileSync(out, 'utf8')).deployer.toLowerCase(), DEPLOYER);
});

test('A key that stands on our command line is refused', () => {
  assert.throws(() => deploy('http://127.0.0.1:9', 'told.json', ['--private-key', KEY]), /expected the key in ES_DEPLOYER_KEY/);
});

test('A node that is not there is named', () => {
  assert.throws(() => deploy('http://127.0.0.1:9', 'nowhere.json'), /deploy: fetch failed/);
});
