// People with keys, in Node. Enters: the address of a host. Leaves: people who sign as wallets do, set out over HTTP, and
// a wallet that is put into a page (EIP-6963, EIP-1193). Always holds: keys stay in this process; the page gets
// signatures alone; the hash of EIP-712 is written here anew, so that it judges the page's own.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { DASHBOARD, LIMIT_MS, ask, door } from './browser.mjs';
import { keccak_256 as keccak } from '../../../src/Dashboard/node_modules/@noble/hashes/sha3.js';
import { getPublicKey, recoverPublicKeyAsync, signAsync } from '../../../src/Dashboard/node_modules/@noble/secp256k1/index.js';

export const CHAIN = 4827;
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const bytes = (text) => Buffer.from(text.slice(2), 'hex');
const word = (value) => Buffer.from(BigInt(value).toString(16).padStart(64, '0'), 'hex');
const text = (value) => keccak(Buffer.from(value));

export const wordOf = (value) => hex(text(value));
export const wei = (credits) => `${BigInt(credits) * 10n ** 18n}`;

/** The digest of typed data, of the types that this economy uses. */
export function digestOf({ types, primaryType, domain, message }) {
  const one = (type, value) =>
    type === 'string' ? text(value) : type === 'bytes' ? keccak(bytes(value)) : type === 'bytes32' ? bytes(value) : word(value);
  const struct = (name, data) => keccak(Buffer.concat([
    text(`${name}(${types[name].map(({ type, name: member }) => `${type} ${member}`).join(',')})`),
    ...types[name].map(({ type, name: member }) => one(type, data[member])),
  ]));
  return keccak(Buffer.concat([Buffer.from('1901', 'hex'), struct('EIP712Domain', domain), struct(primaryType, message)]));
}

/** Who signed typed data. */
export async function signerOf(data, signature) {
  const raw = bytes(signature);
  const key = await recoverPublicKeyAsync(Uint8Array.of(raw[64] - 27, ...raw.subarray(0, 64)), digestOf(data), { prehash: false });
  return addressOf(key);
}

const addressOf = (key) => {
  const whole = key.length === 65 ? key : getWhole(key);
  return hex(keccak(whole.slice(1)).slice(-20));
};
// A compressed key as 65 bytes: y is the root of x^3 + 7 with the parity that the first byte says.
const P = 2n ** 256n - 2n ** 32n - 977n;
function getWhole(key) {
  const x = BigInt(hex(key.slice(1)));
  const power = (base, exponent) => {
    let [result, b] = [1n, base % P];
    for (let e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
    return result;
  };
  const y = power((x ** 3n + 7n) % P, (P + 1n) / 4n);
  return Buffer.concat([Buffer.of(4), word(x), word(y % 2n === BigInt(key[0] - 2) ? y : P - y)]);
}

export class Person {
  constructor(name, key = hex(randomBytes(32))) {
    this.name = name;
    this.key = bytes(key);
    this.address = addressOf(getPublicKey(this.key, false));
  }

  async sign(data) {
    const signature = await signAsync(digestOf(data), this.key, { prehash: false, format: 'recovered' });
    return hex(Buffer.concat([signature.slice(1), Buffer.of(signature[0] + 27)]));
  }

  async post(path, body) {
    const answer = await fetch(`${DASHBOARD}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  /** Does a command over HTTP, as no page would be needed for it. */
  async does(command, values) {
    const prepared = await this.post(`/v1/commands/${command}`, { mode: 'prepare', as: this.address, arguments: values });
    assert.equal(prepared.status, 200, `${this.name} ${command}: ${JSON.stringify(prepared.body)}`);
    const { chainId, forwarder, request, typedData } = prepared.body.relay;
    const signature = await this.sign(typedData);
    const taken = await this.post(`/v1/commands/${command}`, { mode: 'relay', chainId, forwarder, request, signature });
    assert.equal(taken.status, 202, `${this.name} ${command}: ${JSON.stringify(taken.body)}`);
    return until(`${this.name}'s ${command} to happen`, async () => {
      const status = await (await fetch(`${DASHBOARD}/v1/commands/${taken.body.id}`)).json();
      assert.ok(status.succeeded !== false && !['failed', 'expired'].includes(status.status), JSON.stringify(status));
      return status.events ? prepared.body.outcome.results : null;
    });
  }

  /** Credits of the faucet, in the vault. */
  async getsCredits() {
    await this.does('faucet.drip', { recipient: this.address });
    const { contracts } = await ask('{ contracts(first: 100) { nodes { name location } } }');
    const at = (name) => contracts.nodes.find((one) => one.name === name).location;
    const deadline = `${await chainTime() + 3_600}`;
    const signature = bytes(await this.sign({
      types: {
        EIP712Domain: members('string name,string version,uint256 chainId,address verifyingContract'),
        Permit: members('address owner,address spender,uint256 value,uint256 nonce,uint256 deadline'),
      },
      primaryType: 'Permit',
      domain: { name: 'EventSourced Credit', version: '1', chainId: CHAIN, verifyingContract: at('credit') },
      message: { owner: this.address, spender: at('vault'), value: wei(1_000), nonce: '0', deadline },
    }));
    await this.does('vault.depositWithPermit', {
      amount: wei(1_000), deadline, v: `${signature[64]}`, r: hex(signature.subarray(0, 32)), s: hex(signature.subarray(32, 64)),
    });
  }

  /** An agent with stake. */
  async becomesAgent(stake) {
    await this.getsCredits();
    this.agent = (await this.does('agents.register', { agentURI: `https://example.org/${this.name}` })).agentId;
    await this.does('stake.bond', { agentId: this.agent, amount: wei(stake) });
  }
}

const members = (words) => words.split(',').map((one) => ({ type: one.split(' ')[0], name: one.split(' ')[1] }));

export const chainTime = async () => {
  const { _meta } = await ask('{ _meta { block { timestamp } } }');
  return Math.floor(Date.parse(_meta.block.timestamp) / 1_000);
};

/** Looks until something is there, for a bounded time. */
export async function until(what, look) {
  for (const began = Date.now(); Date.now() - began < LIMIT_MS; ) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`expected ${what}, found nothing within ${LIMIT_MS} ms`);
}

/** Lets time pass on the chain, until the index has it. */
export async function pass(seconds, blocks = 1) {
  const wanted = (await chainTime()) + seconds;
  await door(`pass?seconds=${seconds}&blocks=${blocks}`);
  await until(`the index at time ${wanted}`, async () => (await chainTime()) >= wanted);
  // The host believes the chain's time for a moment.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
}

/** Puts a wallet into a page before anything of the page runs. What the wallet is asked stands in `asked`. */
export async function injectWallet(context, person, { chain = CHAIN, name = 'Test wallet', declines = [] } = {}) {
  const asked = [];
  const wallet = { asked, declines, chain };
  await context.exposeFunction('esWallet', async (method, params) => {
    asked.push(method);
    if (wallet.declines.includes(method)) return { fault: { code: 4001, message: 'User rejected the request.' } };
    if (method === 'eth_accounts' || method === 'eth_requestAccounts') return { result: [person.address] };
    if (method === 'eth_chainId') return { result: `0x${wallet.chain.toString(16)}` };
    if (method === 'wallet_switchEthereumChain') {
      wallet.chain = Number(params[0].chainId);
      return { result: null };
    }
    if (method === 'eth_signTypedData_v4') return { result: await person.sign(JSON.parse(params[1])) };
    return { fault: { code: 4200, message: `not supported: ${method}` } };
  });
  await context.addInitScript((shown) => {
    const heard = {};
    const provider = {
      on: (event, listener) => { heard[event] = listener; },
      request: async ({ method, params }) => {
        const { result, fault } = await window.esWallet(method, params ?? []);
        if (fault) throw Object.assign(new Error(fault.message), fault);
        if (method === 'wallet_switchEthereumChain') heard.chainChanged?.(params[0].chainId);
        return result;
      },
    };
    const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', {
      detail: Object.freeze({ info: { uuid: '350670db-19fa-4704-a166-e52e178b59d2', name: shown, icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>', rdns: 'org.example.wallet' }, provider }),
    }));
    window.addEventListener('eip6963:requestProvider', announce);
    announce();
  }, name);
  return wallet;
}
