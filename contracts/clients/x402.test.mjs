// x402's own code, unchanged, pays with our token and through our channels: npm @x402/evm signs, verifies and settles on a real
// anvil. What the package has in its code, and we cannot change, is the address of its channel contract: whoever reads the chain
// for it asks ours instead (`reading`), and a channel's salt names our contract.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BATCH_SETTLEMENT_ADDRESS, claimBatchTypes, toFacilitatorEvmSigner } from '@x402/evm';
import { BatchSettlementEvmScheme, InMemoryClientChannelStorage, computeChannelId, signVoucher } from '@x402/evm/batch-settlement/client';
import { ExactEvmScheme as ExactClient } from '@x402/evm/exact/client';
import { ExactEvmScheme as ExactFacilitator } from '@x402/evm/exact/facilitator';
import { concat, createWalletClient, defineChain, http, pad, parseEther, publicActions, zeroHash } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { contractsFolder } from '../tools/wiring.mjs';

const CHAIN_ID = 4828;
const NETWORK = `eip155:${CHAIN_ID}`;
const READY_TRIES = 200;
const CREDITS = 10n ** 18n;
const X402_DOMAIN = { name: 'x402 Batch Settlement', version: '1', chainId: CHAIN_ID, verifyingContract: BATCH_SETTLEMENT_ADDRESS };

const folder = mkdtempSync(join(tmpdir(), 'x402-'));
// The payer and the shop are strangers to the deployment; the facilitator is the node's first account, which holds the supply.
const [payer, shop] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())];
let node;
let chain;
let supply;
let contracts;

const abiOf = (name) => JSON.parse(readFileSync(join(contractsFolder, 'artifacts', `${name}.json`), 'utf8')).abi;
const abis = { credit: abiOf('Credit'), vault: abiOf('Vault'), channels: abiOf('Channels') };

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const clientOf = (account) => createWalletClient({ account, chain, transport: http(), pollingInterval: 50 }).extend(publicActions);

const read = (contract, functionName, ...args) =>
  clientOf(supply).readContract({ address: contracts[contract], abi: abis[contract], functionName, args });

async function write(account, contract, functionName, ...args) {
  const client = clientOf(account);
  const { request } = await client.simulateContract({ account, address: contracts[contract], abi: abis[contract], functionName, args });
  const receipt = await client.waitForTransactionReceipt({ hash: await client.writeContract(request) });
  assert.equal(receipt.status, 'success');
  return receipt;
}

// An account inside the Vault: kind 1, then the holder.
const creditOf = (holder) => read('vault', 'balanceOf', concat(['0x01', pad(holder, { size: 31 })]));

before(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const anvil = join(contractsFolder, 'node_modules', '@foundry-rs', 'anvil-linux-amd64', 'bin', 'anvil');
  node = spawn(anvil, ['--port', String(port), '--chain-id', String(CHAIN_ID), '--silent'], { stdio: 'ignore' });
  chain = defineChain({
    id: CHAIN_ID,
    name: 'anvil',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  for (let tries = 0; ; tries++) {
    const up = await clientOf(payer).getChainId().catch(() => 0);
    if (up === CHAIN_ID) break;
    assert.ok(tries < READY_TRIES, 'expected an answer of anvil within 10 s, found none');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const out = join(folder, 'deployment.json');
  execFileSync('node', [join(contractsFolder, 'tools', 'deploy.mjs'), '--rpc', url, '--out', out], { stdio: 'pipe' });
  ({ contracts } = JSON.parse(readFileSync(out, 'utf8')));
  // The first of anvil's well known test keys.
  supply = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
  for (const one of [payer, shop]) {
    const hash = await clientOf(supply).sendTransaction({ to: one.address, value: parseEther('1') });
    await clientOf(supply).waitForTransactionReceipt({ hash });
  }
  await write(supply, 'credit', 'transfer', payer.address, 1_000n * CREDITS);
});

after(() => {
  node?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

// What a shop asks for by x402.
async function asks(scheme, amount, more = {}) {
  return {
    scheme,
    network: NETWORK,
    amount: String(amount),
    asset: contracts.credit,
    payTo: shop.address,
    maxTimeoutSeconds: 600,
    extra: { name: await read('credit', 'name'), version: await read('credit', 'version'), ...more },
  };
}

test('An EIP-3009 payment that @x402/evm signs is verified and settled by @x402/evm in our token', async () => {
  const requirements = await asks('exact', 7n * CREDITS);
  const made = await new ExactClient(payer).createPaymentPayload(2, requirements);
  const payment = { ...made, accepted: requirements };

  const facilitator = new ExactFacilitator(toFacilitatorEvmSigner({ ...clientOf(supply), address: supply.address }));
  assert.equal((await facilitator.verify(payment, requirements)).isValid, true);
  const settled = await facilitator.settle(payment, requirements);
  assert.equal(settled.success, true, JSON.stringify(settled));
  assert.equal(await read('credit', 'balanceOf', shop.address), 7n * CREDITS);
  assert.equal(await read('credit', 'authorizationState', payer.address, made.payload.authorization.nonce), true);

  const again = await facilitator.settle(payment, requirements);
  assert.equal(again.success, false);
  assert.equal(await read('credit', 'balanceOf', shop.address), 7n * CREDITS);
});

test('A voucher that @x402/evm signs is claimed from our channel, and its cumulative successor too', async () => {
  const requirements = await asks('batch-settlement', 3n * CREDITS, { receiverAuthorizer: shop.address, withdrawDelay: 900 });
  const salt = concat([contracts.channels, pad('0x01', { size: 12 })]);
  const config = {
    payer: payer.address,
    payerAuthorizer: payer.address,
    receiver: shop.address,
    receiverAuthorizer: shop.address,
    token: contracts.credit,
    withdrawDelay: 900,
    salt,
  };
  const channelId = computeChannelId(config, NETWORK);
  assert.equal(await read('channels', 'getChannelId', config), channelId);

  await write(payer, 'credit', 'approve', contracts.vault, 100n * CREDITS);
  await write(payer, 'vault', 'deposit', 100n * CREDITS);
  await write(payer, 'channels', 'deposit', config, 50n * CREDITS);

  // The client finds the channel's state on the chain by itself; it asks for x402's contract and is given ours.
  const here = (address) => (address.toLowerCase() === BATCH_SETTLEMENT_ADDRESS.toLowerCase() ? contracts.channels : address);
  const reading = { readContract: (args) => clientOf(payer).readContract({ ...args, address: here(args.address) }) };
  const client = new BatchSettlementEvmScheme({ ...payer, ...reading }, { salt, storage: new InMemoryClientChannelStorage() });

  const first = await client.createPaymentPayload(2, requirements);
  assert.equal(first.payload.type, 'voucher', 'a channel with money needs no deposit');
  assert.deepEqual(first.payload.channelConfig, config);
  assert.equal(first.payload.voucher.channelId, channelId);
  await write(shop, 'channels', 'claim', [claimOf(first.payload, 2n * CREDITS)]);
  assert.equal(await creditOf(shop.address), 2n * CREDITS);
  assert.deepEqual(await read('channels', 'channels', channelId), [50n * CREDITS, 2n * CREDITS]);

  // Cumulative: the next voucher says 5 in all. Anyone brings it with the shop's signature, made by x402's types.
  const voucher = await signVoucher(payer, channelId, String(5n * CREDITS), NETWORK);
  const claims = [claimOf({ channelConfig: config, voucher }, 5n * CREDITS)];
  const entries = [{ channelId, maxClaimableAmount: 5n * CREDITS, totalClaimed: 5n * CREDITS }];
  const batch = await shop.signTypedData({ domain: X402_DOMAIN, types: claimBatchTypes, primaryType: 'ClaimBatch', message: { claims: entries } });
  await write(supply, 'channels', 'claimWithSignature', claims, batch);
  assert.equal(await creditOf(shop.address), 5n * CREDITS);

  // An old voucher pays nothing; another's signature neither.
  await assert.rejects(write(shop, 'channels', 'claim', [claimOf(first.payload, 2n * CREDITS)]), /NotIncreasing/);
  const forged = await signVoucher(shop, channelId, String(9n * CREDITS), NETWORK);
  await assert.rejects(write(shop, 'channels', 'claim', [claimOf({ channelConfig: config, voucher: forged }, 9n * CREDITS)]), /WrongSigner/);
});

test('A config without our address in its salt is not taken', async () => {
  const config = {
    payer: payer.address,
    payerAuthorizer: payer.address,
    receiver: shop.address,
    receiverAuthorizer: shop.address,
    token: contracts.credit,
    withdrawDelay: 900,
    salt: zeroHash,
  };
  await assert.rejects(write(payer, 'channels', 'deposit', config, CREDITS), /ForeignSalt/);
});

function claimOf({ channelConfig, voucher }, totalClaimed) {
  return {
    voucher: { channel: channelConfig, maxClaimableAmount: BigInt(voucher.maxClaimableAmount) },
    signature: voucher.signature,
    totalClaimed,
  };
}
