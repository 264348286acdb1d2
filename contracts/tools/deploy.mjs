// Deploys the economy. Enters: --rpc URL, --out FILE, and on a chain that does not sign for us --genesis FILE and a key: in the
// environment's ES_DEPLOYER_KEY, or in --key-file FILE (- is the standard input). Leaves: deployment.json, which everything else
// reads. The same deployer at nonce 0 of a fresh chain always gives the same addresses. A deployment that is on the chain already
// is kept. Always holds: the key stands on no command line, neither ours nor a child's; every user of a machine reads those.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import { keystore } from './keystore.mjs';
import { artifact, artifactOf, contractsFolder, wiringFields } from './wiring.mjs';

const RECEIPT_TRIES = 600;
const RECEIPT_PAUSE_MS = 100;

if (process.argv.some((word) => word.startsWith('--private-key'))) {
  console.error('deploy: expected the key in ES_DEPLOYER_KEY or --key-file FILE, found it on the command line, which every user reads');
  process.exit(1);
}

const { values: options } = parseArgs({
  options: {
    rpc: { type: 'string', default: 'http://127.0.0.1:18545' },
    out: { type: 'string' },
    genesis: { type: 'string' },
    'key-file': { type: 'string' },
  },
});

// cast reads a keystore and its password from files that its environment names; both live in a folder of ours while we do.
const { ES_DEPLOYER_KEY: givenKey, ...environment } = process.env;
let signing = null;

function openKey() {
  const key = options['key-file'] === undefined ? givenKey : readFileSync(options['key-file'] === '-' ? 0 : options['key-file'], 'utf8');
  if (key === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'deployer-'));
  const password = randomBytes(32).toString('hex');
  signing = { ...environment, ETH_KEYSTORE: join(folder, 'key.json'), ETH_PASSWORD: join(folder, 'password') };
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(signing.ETH_KEYSTORE, JSON.stringify(keystore(key.trim(), password)), { mode: 0o600 });
  writeFileSync(signing.ETH_PASSWORD, password, { mode: 0o600 });
}

async function rpc(method, ...params) {
  const response = await fetch(options.rpc, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer = await response.json();
  if (answer.error) throw new Error(`${method} was refused by ${options.rpc}: ${answer.error.message}`);
  return answer.result;
}

const cast = (...args) =>
  execFileSync(join(contractsFolder, 'node_modules/@foundry-rs/cast-linux-amd64/bin/cast'), args, {
    encoding: 'utf8',
    env: signing ?? environment,
    maxBuffer: 1 << 24,
  }).trim();

async function receiptOf(hash) {
  for (let tries = 0; tries < RECEIPT_TRIES; tries++) {
    const receipt = await rpc('eth_getTransactionReceipt', hash);
    if (receipt) return receipt;
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_PAUSE_MS));
  }
  throw new Error(`expected a receipt of ${hash} within ${(RECEIPT_TRIES * RECEIPT_PAUSE_MS) / 1000} s, found none`);
}

// The nonce is given: asked for between two transactions, a busy node still tells the one before.
async function create(deployer, data, nonce) {
  if (signing === null) return rpc('eth_sendTransaction', { from: deployer, data });
  return rpc('eth_sendRawTransaction', cast('mktx', '--rpc-url', options.rpc, '--nonce', String(nonce), '--create', data));
}

// Test chains: the council, guardian and attester are accounts 1 to 7 of the node, account 0 holds the supply.
async function defaultGenesis(accounts) {
  if (accounts.length < 8) throw new Error('expected --genesis FILE on a chain without test accounts, found none');
  const credits = (count) => `${count}000000000000000000`;
  return {
    council: accounts.slice(1, 6),
    guardians: [accounts[6]],
    attesters: [accounts[7]],
    supplyHolder: accounts[0],
    supply: credits(1_000_000_000),
    treasurySupply: credits(100_000_000),
    faucetSupply: credits(100_000_000),
  };
}

function encodeArguments(addresses, genesis, catalogHash) {
  const tuple = (items) => `(${items.join(',')})`;
  const list = (items) => `[${items.join(',')}]`;
  const wiringType = tuple(addresses.map(() => 'address'));
  return cast(
    'abi-encode',
    `constructor(${wiringType},(address[5],address[],address[],address,uint256,uint256,uint256,bytes32))`,
    tuple(addresses),
    tuple([
      list(genesis.council),
      list(genesis.guardians),
      list(genesis.attesters),
      genesis.supplyHolder,
      genesis.supply,
      genesis.treasurySupply,
      genesis.faucetSupply,
      catalogHash,
    ]),
  );
}

async function existing(chainId, catalogHash) {
  if (!options.out) return null;
  let deployment;
  try {
    deployment = JSON.parse(readFileSync(options.out, 'utf8'));
  } catch {
    return null;
  }
  const found = await rpc('eth_getCode', deployment.contracts.directory, 'latest');
  if (deployment.chainId !== chainId || found === '0x') return null;
  if (deployment.catalogHash !== catalogHash)
    console.error(`note: the chain carries catalog ${deployment.catalogHash}, this checkout has ${catalogHash}`);
  return deployment;
}

async function main() {
  const catalog = JSON.parse(readFileSync(join(contractsFolder, '..', 'docs', 'events', 'catalog.v1.json'), 'utf8'));
  const chainId = Number(await rpc('eth_chainId'));
  const kept = await existing(chainId, catalog.hash);
  if (kept) return kept;

  const accounts = await rpc('eth_accounts').catch(() => []);
  openKey();
  const deployer = signing === null ? accounts[0] : cast('wallet', 'address');
  if (!deployer) throw new Error('expected ES_DEPLOYER_KEY, --key-file or a node that signs, found none');
  const genesis = options.genesis ? JSON.parse(readFileSync(options.genesis, 'utf8')) : await defaultGenesis(accounts);

  const fields = wiringFields(artifact('Vault').abi);
  const nonce = Number(await rpc('eth_getTransactionCount', deployer, 'pending'));
  const addresses = fields.map((_, i) => cast('compute-address', deployer, '--nonce', String(nonce + i)).split(' ').pop());
  const argumentsHex = encodeArguments(addresses, genesis, catalog.hash).slice(2);

  const hashes = [];
  for (const [i, field] of fields.entries()) {
    progress(i, fields.length, artifactOf(field));
    hashes.push(await create(deployer, artifact(artifactOf(field)).bytecode + argumentsHex, nonce + i));
  }
  const receipts = [];
  for (const [i, hash] of hashes.entries()) {
    const receipt = await receiptOf(hash);
    if (receipt.status !== '0x1' || receipt.contractAddress.toLowerCase() !== addresses[i].toLowerCase())
      throw new Error(`expected ${fields[i]} at ${addresses[i]}, found status ${receipt.status} at ${receipt.contractAddress}`);
    receipts.push(receipt);
  }
  progress(fields.length, fields.length, 'done');
  return {
    chainId,
    catalogVersion: catalog.version,
    catalogRevision: catalog.revision,
    catalogHash: catalog.hash,
    deployer,
    firstBlock: Math.min(...receipts.map((receipt) => Number(receipt.blockNumber))),
    contracts: Object.fromEntries(fields.map((field, i) => [field, addresses[i]])),
  };
}

function progress(done, all, what) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kdeploying ${'#'.repeat(done)}${'.'.repeat(all - done)} ${what}${done === all ? '\n' : ''}`);
}

try {
  const text = `${JSON.stringify(await main(), null, 2)}\n`;
  if (options.out) {
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(`${options.out}.new`, text);
    renameSync(`${options.out}.new`, options.out);
  } else {
    process.stdout.write(text);
  }
} catch (error) {
  console.error(`deploy: ${error.message}`);
  process.exitCode = 1;
}
