// A key of this browser, for the chain of demonstrations alone. Enters: requests as a wallet hears them (EIP-1193).
// Leaves: an address, a chain, signatures. Always holds: it signs for DEMO_CHAIN and for no other chain; its key stays
// in this browser's storage, is worth nothing, and the page says both.
import { bytesOf, hexOf, keccakFunction } from './bytes.js';
import { digestOf } from './typed.js';

export const DEMO_CHAIN = 4827;

const CURVE = '/dashboard/noble/secp256k1.js';
const KEY = 'es.demo-key';
const RECOVERY_OFFSET = 27;

/** A refusal as EIP-1193 has it. */
class Refusal extends Error {
  /** @param {number} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @returns {Promise<any>} */
async function curve() {
  if (!globalThis.crypto?.subtle)
    throw new Refusal(
      4900,
      'The demo key works over https or on this machine alone: expected a secure context, found none.',
    );
  try {
    return await import(CURVE);
  } catch {
    throw new Refusal(
      4900,
      'Expected the package @noble/secp256k1 beside the dashboard, found none: run npm ci in src/Dashboard and start the host again.',
    );
  }
}

async function secret() {
  const kept = localStorage.getItem(KEY);
  if (kept && /^0x[0-9a-f]{64}$/.test(kept)) return bytesOf(kept);
  const made = (await curve()).utils.randomSecretKey();
  localStorage.setItem(KEY, hexOf(made));
  return made;
}

async function address() {
  const { getPublicKey } = await curve();
  const [hash, key] = await Promise.all([keccakFunction(), secret()]);
  return hexOf(hash(getPublicKey(key, false).slice(1)).slice(-20));
}

/** @param {unknown[]} params */
async function signTyped([signer, text]) {
  const data = typeof text === 'string' ? JSON.parse(text) : text;
  if (Number(data.domain.chainId) !== DEMO_CHAIN)
    throw new Refusal(
      4901,
      `The demo key signs for chain ${DEMO_CHAIN} alone; this is for chain ${data.domain.chainId}.`,
    );
  if (String(signer).toLowerCase() !== (await address()))
    throw new Refusal(4100, 'The demo key signs for its own address alone.');
  const { signAsync } = await curve();
  const signature = await signAsync(await digestOf(data), await secret(), { prehash: false, format: 'recovered' });
  // The package puts the recovery bit first; the chain wants it last, from 27.
  return hexOf(Uint8Array.of(...signature.slice(1), signature[0] + RECOVERY_OFFSET));
}

/** Forgets the key: whatever it holds on the demo chain is out of reach. */
export const forget = () => localStorage.removeItem(KEY);

export const burner = {
  isDemo: true,
  /** @param {{ method: string, params?: unknown[] }} request @returns {Promise<any>} */
  async request({ method, params = [] }) {
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        return [await address()];
      case 'eth_chainId':
        return `0x${DEMO_CHAIN.toString(16)}`;
      case 'eth_signTypedData_v4':
        return signTyped(params);
      default:
        throw new Refusal(
          4200,
          `The demo key only signs requests for the relayer; it has no ether to pay for ${method === 'eth_sendTransaction' ? 'a transaction of its own' : method}.`,
        );
    }
  },
};
