// Who acts. Enters: wallets of the browser (EIP-6963, EIP-1193), the demo key, the address of this host's economy.
// Leaves: one account on one chain, or none. Always holds: a wallet is asked for accounts only after its reader pressed
// a button; an account that was let in before is found again silently; no key of a wallet is ever seen here.
import { ask } from '../graphql.js';
import { DEMO_CHAIN, burner } from './burner.js';

const REMEMBERED = 'es.wallet';
const DEMO = 'demo';
const MOST_NAME = 60;
const DISCOVERY_MS = 400;

/**
 * @typedef {{ request: (request: { method: string, params?: unknown[] }) => Promise<any>, isDemo?: boolean,
 *   on?: (event: string, heard: (value: any) => void) => void }} Provider
 * @typedef {{ id: string, name: string, icon: string, provider: Provider }} Wallet
 * @typedef {{ chainId: number, contracts: Map<string, string> }} Economy
 */

/** What a wallet or this page says against a wish, in words for people. */
export class WalletFault extends Error {}

class Session extends EventTarget {
  /** @type {Map<string, Wallet>} */ wallets = new Map();
  /** @type {Wallet | null} */ wallet = null;
  /** @type {string | null} */ account = null;
  /** @type {number | null} */ chainId = null;
  /** @type {Economy | null} */ economy = null;
  /** @type {Promise<Economy> | null} */ #finding = null;
  #isSeeking = false;
  /** @type {WeakSet<object>} */ #heard = new WeakSet();

  /** Whether a reader can act now: an account, on the economy's own chain. */
  get isReady() {
    return this.account !== null && this.economy !== null && this.chainId === this.economy.chainId;
  }

  /** Asks the browser's wallets to show themselves, and finds the one that was connected before. */
  async begin() {
    if (!this.#isSeeking) {
      this.#isSeeking = true;
      window.addEventListener('eip6963:announceProvider', (event) => this.#announced(event));
    }
    window.dispatchEvent(new Event('eip6963:requestProvider'));
    await this.home();
    const remembered = localStorage.getItem(REMEMBERED);
    if (this.account || !remembered) return;
    if (remembered === DEMO) return this.#enter(DEMO_WALLET, false);
    await new Promise((resolve) => setTimeout(resolve, this.wallets.has(remembered) ? 0 : DISCOVERY_MS));
    const wallet = this.wallets.get(remembered);
    if (wallet) await this.#enter(wallet, false);
  }

  /** The chain and the contracts of this host. */
  home() {
    this.#finding ??= ask('{ _meta { deployment } contracts(first: 100) { nodes { name location } } }').then(
      ({ _meta: meta, contracts }) => {
        this.economy = {
          chainId: Number(meta.deployment.split('-')[0]),
          contracts: new Map(
            contracts.nodes.map((/** @type {any} */ one) => /** @type {[string, string]} */ ([one.name, one.location])),
          ),
        };
        return this.economy;
      },
      (fault) => {
        this.#finding = null;
        throw fault;
      },
    );
    return this.#finding;
  }

  /** The address of a contract. @param {string} name */
  async contract(name) {
    const address = (await this.home()).contracts.get(name);
    if (!address) throw new WalletFault(`Expected the contract ${name} in the directory, found none.`);
    return address;
  }

  /** @param {string} id */
  async connect(id) {
    const wallet = id === DEMO ? DEMO_WALLET : this.wallets.get(id);
    if (!wallet) throw new WalletFault('This wallet is not there any more. Reload the page, and choose again.');
    const { chainId } = await this.home();
    if (id === DEMO && chainId !== DEMO_CHAIN)
      throw new WalletFault(`The demo key is for chain ${DEMO_CHAIN} alone; this economy lives on chain ${chainId}.`);
    await this.#enter(wallet, true);
    localStorage.setItem(REMEMBERED, wallet.id);
  }

  disconnect() {
    localStorage.removeItem(REMEMBERED);
    this.wallet = null;
    this.#become(null, null);
  }

  /** Asks the wallet for the economy's chain. */
  async switchChain() {
    const { chainId } = await this.home();
    await this.ask('wallet_switchEthereumChain', [{ chainId: `0x${chainId.toString(16)}` }]);
    if (this.wallet) await this.#look(this.wallet);
  }

  /** Asks the wallet to choose among its accounts. */
  async switchAccount() {
    await this.ask('wallet_requestPermissions', [{ eth_accounts: {} }]);
    if (this.wallet) await this.#look(this.wallet);
  }

  /** Asks the wallet. @param {string} method @param {unknown[]} [params] */
  async ask(method, params = []) {
    if (!this.wallet) throw new WalletFault('No wallet is connected. Connect one first.');
    return asked(this.wallet.provider, method, params);
  }

  /** @param {Wallet} wallet @param {boolean} isWished */
  async #enter(wallet, isWished) {
    const accounts = await asked(wallet.provider, isWished ? 'eth_requestAccounts' : 'eth_accounts', []);
    if (accounts.length === 0) {
      if (isWished) throw new WalletFault(`${wallet.name} let this page see no account.`);
      return;
    }
    this.wallet = wallet;
    this.#hear(wallet);
    await this.#look(wallet);
  }

  /** @param {Wallet} wallet */
  async #look(wallet) {
    const [accounts, chainId] = await Promise.all([
      asked(wallet.provider, 'eth_accounts', []),
      asked(wallet.provider, 'eth_chainId', []),
    ]);
    if (this.wallet === wallet) this.#become(accounts[0]?.toLowerCase() ?? null, Number(chainId));
  }

  /** @param {Wallet} wallet */
  #hear(wallet) {
    if (this.#heard.has(wallet.provider)) return;
    this.#heard.add(wallet.provider);
    wallet.provider.on?.('accountsChanged', () => void this.#look(wallet).catch(() => this.disconnect()));
    wallet.provider.on?.('chainChanged', () => void this.#look(wallet).catch(() => this.disconnect()));
    wallet.provider.on?.('disconnect', () => this.wallet === wallet && this.disconnect());
  }

  /** @param {string | null} account @param {number | null} chainId */
  #become(account, chainId) {
    if (account !== null && !/^0x[0-9a-f]{40}$/.test(account)) return;
    [this.account, this.chainId] = [account, chainId];
    this.dispatchEvent(new Event('change'));
    // The frame of the page tells it too.
    window.dispatchEvent(new CustomEvent('es-account', { detail: account }));
  }

  /** @param {Event} event what a stranger's code announces: each part is looked at */
  #announced(event) {
    const { info, provider } = (event instanceof CustomEvent && event.detail) || {};
    if (typeof provider?.request !== 'function' || typeof info?.name !== 'string') return;
    const id = String(info.rdns || info.uuid || info.name).slice(0, MOST_NAME);
    if (id === DEMO || this.wallets.get(id)?.provider === provider) return;
    const icon = /^data:image\/(png|svg\+xml|webp|jpeg|gif)[;,]/.test(info.icon) ? info.icon : '';
    this.wallets.set(id, { id, name: info.name.slice(0, MOST_NAME), icon, provider });
    this.dispatchEvent(new Event('change'));
  }
}

/** @type {Wallet} */
const DEMO_WALLET = { id: DEMO, name: 'Demo key', icon: '', provider: burner };

/** @param {Provider} provider @param {string} method @param {unknown[]} params */
async function asked(provider, method, params) {
  try {
    return await provider.request({ method, params });
  } catch (fault) {
    const { code, message } = /** @type {{ code?: number, message?: string }} */ (fault ?? {});
    if (code === 4001) throw new WalletFault('You declined in your wallet. Nothing was signed, and nothing was sent.');
    if (code === 4902)
      throw new WalletFault('Your wallet does not know this chain: add it there first, then try again.');
    throw new WalletFault(`The wallet answers: ${String(message ?? fault).slice(0, 300)}`);
  }
}

export const session = new Session();
