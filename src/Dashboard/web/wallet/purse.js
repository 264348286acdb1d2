// `<es-purse>`: the reader's wallet. Enters: clicks. Leaves: the wallets of the browser, one connected account with its
// chain, its money, its agents, its commands and its secrets. Always holds: the demo key is marked as what it is, and
// is offered on its own chain alone.
import { h } from '../dom.js';
import { chainNow } from '../elements.js';
import { ask } from '../graphql.js';
import { href } from '../route.js';
import { account, money, thing } from '../words.js';
import { notReady, refusal } from './act.js';
import { DEMO_CHAIN, forget as forgetKey } from './burner.js';
import { commandsOf } from './commands.js';
import { OwnElement, button } from './element.js';
import * as secrets from './secrets.js';
import { session } from './session.js';
import './actions.js';
import './way.js';

const SHOWN_COMMANDS = 8;

class PurseElement extends OwnElement {
  /** @type {any} */ #purse = null;
  /** @type {unknown} */ #fault = null;
  #note = '';

  #changed = () => void this.#look();

  /** @override */
  began() {
    session.addEventListener('change', this.#changed);
    this.addEventListener('change', this.#chosen);
    this.addEventListener('way', this.#changed);
    void this.#begin();
  }

  async #begin() {
    try {
      await session.begin();
    } catch (fault) {
      this.#fault = fault;
    }
    await this.#look();
  }

  /** @override */
  ended() {
    session.removeEventListener('change', this.#changed);
    this.removeEventListener('change', this.#chosen);
    this.removeEventListener('way', this.#changed);
  }

  /** @override */
  told() {
    void this.#look();
  }

  async #look() {
    this.#show();
    if (!session.account) return;
    try {
      this.#purse = await purseOf(session.account);
    } catch (fault) {
      this.#fault = fault;
    }
    this.#show();
  }

  /** @override @param {string} what @param {HTMLElement} pressed */
  pressed(what, pressed) {
    void this.#do(what, pressed.dataset.id ?? '');
  }

  /** @param {string} what @param {string} id */
  async #do(what, id) {
    [this.#fault, this.#note] = [null, ''];
    try {
      if (what === 'connect') await session.connect(id);
      if (what === 'disconnect') session.disconnect();
      if (what === 'switch-chain') await session.switchChain();
      if (what === 'switch-account') await session.switchAccount();
      if (what === 'forget-key') {
        forgetKey();
        session.disconnect();
      }
      if (what === 'download') download();
    } catch (fault) {
      this.#fault = fault;
    }
    await this.#look();
  }

  /** @param {Event} event */
  #chosen = (event) => {
    const file = event.target instanceof HTMLInputElement ? event.target.files?.[0] : null;
    if (!file) return;
    void file
      .text()
      .then((text) => {
        this.#note = `Brought back ${secrets.bringBack(text)} secrets.`;
      })
      .catch((fault) => {
        this.#fault =
          fault instanceof SyntaxError ? new Error('Expected a file of secrets, found one that is not JSON.') : fault;
      })
      .finally(() => this.#show());
  };

  #show() {
    this.dataset.account = session.account ?? '';
    this.draw(
      refusal(this.#fault),
      session.account ? this.#connected() : choose(),
      this.#note ? h('p', { role: 'status' }, this.#note) : null,
    );
  }

  #connected() {
    const isDemo = session.wallet?.provider.isDemo;
    const purse = this.#purse?.account === session.account ? this.#purse : null;
    return h(
      'div',
      { class: 'split' },
      h(
        'div',
        { class: 'column' },
        section('Account', [
          isDemo ? demoMark() : null,
          h('p', { class: 'who' }, h('b', null, session.wallet?.name), ' ', account(session.account)),
          session.isReady
            ? null
            : [notReady(), h('p', null, button('switch-chain', 'Switch to this chain', { class: 'main' }))],
          h(
            'p',
            { class: 'buttons' },
            isDemo ? null : button('switch-account', 'Another account'),
            ' ',
            button('disconnect', 'Disconnect'),
            ' ',
            isDemo ? button('forget-key', 'Forget this key') : null,
          ),
        ]),
        section('Begin something', [h('es-actions', { '.data': { ids: [''], more: [] } })]),
        section('What you did', [purse ? done(purse.commands) : h('p', { class: 'soft' }, 'Asking…')]),
      ),
      h('div', { class: 'column narrow' }, purse ? moneyOf(purse) : null, purse ? agentsOf(purse) : null, kept()),
    );
  }
}

/** @param {string} title @param {import('../dom.js').Children[]} children */
const section = (title, children) =>
  h(
    'section',
    { class: 'panel', 'aria-label': title, 'data-key': title },
    h('header', null, h('h2', null, title)),
    ...children,
  );

const demoMark = () =>
  h(
    'p',
    { class: 'demo-mark' },
    h('b', null, 'Demo key.'),
    ` It lies unprotected in this browser and signs for the demo chain ${DEMO_CHAIN} alone. Never send anything of worth to it.`,
  );

function choose() {
  const wallets = [...session.wallets.values()];
  const isDemo = session.economy?.chainId === DEMO_CHAIN;
  return section('Connect', [
    h(
      'p',
      { class: 'soft' },
      'Your wallet signs what you do here; a relayer brings it to the chain and pays for the gas. No key passes this host.',
    ),
    wallets.length === 0 ? h('p', null, 'This browser has no wallet that shows itself (EIP-6963).') : null,
    h(
      'ul',
      { class: 'wallets' },
      wallets.map(({ id, name, icon }) =>
        h(
          'li',
          { 'data-key': id },
          button('connect', [icon ? h('img', { src: icon, alt: '', width: 24, height: 24 }) : null, ` ${name}`], {
            'data-id': id,
            class: 'main',
          }),
        ),
      ),
      isDemo
        ? h(
            'li',
            { 'data-key': 'demo' },
            button('connect', 'Use a demo key of this browser', { 'data-id': 'demo' }),
            demoMark(),
          )
        : null,
    ),
  ]);
}

/** @param {any} purse */
const moneyOf = ({ account: address, tokens, vault, nextDripAt }) =>
  section('Money', [
    h(
      'dl',
      { class: 'facts' },
      h('div', null, h('dt', null, 'In the Vault'), h('dd', { class: 'in-vault' }, money(vault))),
      h('div', null, h('dt', null, 'As tokens'), h('dd', { class: 'as-tokens' }, money(tokens))),
    ),
    h(
      'p',
      { class: 'soft' },
      'Tasks, bids and stakes are paid from the Vault. Tokens are outside of it, and can be sent to anybody.',
    ),
    h(
      'ul',
      { class: 'actions' },
      link('faucet.drip', 'Take credits from the faucet', { recipient: address }, nextDripAt),
      link('vault.depositWithPermit', 'Bring tokens into the Vault', {}),
      link('vault.withdraw', 'Take credits out', { recipient: address }),
    ),
  ]);

/** @param {string} command @param {string} text @param {Record<string, string>} known @param {string | null} [after] */
const link = (command, text, known, after) =>
  h(
    'li',
    null,
    h('a', { class: 'button', href: href('act', command, { known: JSON.stringify(known) }) }, text),
    after ? h('span', { class: 'soft' }, ' again ', h('es-time', { at: after })) : null,
  );

/** @param {any} purse */
const agentsOf = ({ agents }) =>
  section('Your agents', [
    agents.length === 0
      ? h('p', { class: 'soft' }, 'None yet. An agent bids, works and judges: register one under “Begin something”.')
      : h(
          'ul',
          { class: 'found' },
          agents.map((/** @type {any} */ one) => h('li', null, thing(one.id))),
        ),
  ]);

/** @param {any[]} commands */
const done = (commands) =>
  commands.length === 0
    ? h('p', { class: 'soft' }, 'Nothing yet.')
    : h(
        'ul',
        { class: 'ways' },
        commands
          .slice(0, SHOWN_COMMANDS)
          .map((status) =>
            h(
              'li',
              { 'data-key': status.id },
              h('es-way', { '.data': { id: status.id, status }, 'data-key': status.id }),
            ),
          ),
      );

function kept() {
  const all = secrets.all();
  return section('Secrets of this browser', [
    h(
      'p',
      { class: 'soft' },
      all.length === 0
        ? 'None. Sealed votes and bids leave here what opens them.'
        : `${all.length} kept. They open sealed votes and bids: without them a pledge is lost. Download a copy.`,
    ),
    all.length > 0
      ? h(
          'ul',
          { class: 'found' },
          all.map((one) => h('li', null, `${one.kind} of ${one.by} in `, thing(one.thing))),
        )
      : null,
    h(
      'p',
      { class: 'buttons' },
      button('download', 'Download', { disabled: all.length === 0 }),
      ' ',
      h('label', { class: 'button', for: 'secrets-file' }, 'Bring back'),
      h('input', { id: 'secrets-file', type: 'file', class: 'unseen', accept: 'application/json' }),
    ),
  ]);
}

function download() {
  const address = URL.createObjectURL(secrets.asFile());
  const anchor = h('a', { href: address, download: `eventsourced-secrets-${session.account}.json` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}

const PURSE = `query Purse($holder: ID!, $key: ID!, $owner: Address!, $recipient: ID!) {
  creditHolder(id: $holder) { balance }
  account(id: $key) { balance }
  agents(where: { owner: { eq: $owner } }, first: 50) { nodes { id agentId } }
  faucetRecipient(id: $recipient) { nextAt }
}`;

/** @param {string} address */
async function purseOf(address) {
  const [{ creditHolder, account: vault, agents, faucetRecipient }, commands] = await Promise.all([
    ask(PURSE, {
      holder: `credit-holder-${address}`,
      key: `account-0x01${address.slice(2).padStart(62, '0')}`,
      owner: address,
      recipient: `faucet-recipient-${address}`,
    }),
    commandsOf(address),
  ]);
  const next = faucetRecipient?.nextAt;
  return {
    account: address,
    tokens: creditHolder?.balance ?? '0',
    vault: vault?.balance ?? '0',
    agents: agents.nodes,
    nextDripAt: next && Date.parse(next) > chainNow() ? next : null,
    commands,
  };
}

customElements.define('es-purse', PurseElement);
