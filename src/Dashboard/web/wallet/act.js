// `<es-act>`: one command, from its form to the final block. Enters: the name of a command, what is known of its
// arguments. Leaves: a form; then what would change and what it costs, in words; then the way of the command. Always
// holds: nothing is signed before its effect was shown; a refusal says what was expected and what was found.
import { h } from '../dom.js';
import { count, credits, plain, span } from '../format.js';
import { ask } from '../graphql.js';
import { chainNow } from '../elements.js';
import { account, hash } from '../words.js';
import { Refused, commands, prepare, relay, sendOwn } from './commands.js';
import { OwnElement, button } from './element.js';
import { FieldFault, draw, fieldsOf, nested, read, spaced } from './fields.js';
import { COMPUTED, COMPUTED_HERE, FORMS, titleOf } from './forms.js';
import { session } from './session.js';
import './way.js';

const MOST_AGENTS = 50;

class ActElement extends OwnElement {
  /** @type {import('./commands.js').Command | null} */ #command = null;
  /** @type {any} */ #prepared = null;
  /** @type {unknown} */ #fault = null;
  /** @type {'form' | 'preparing' | 'prepared' | 'signing' | 'sent' | 'own'} */ #step = 'form';
  /** @type {string[]} */ #agents = [];
  #taken = '';
  #own = '';
  #key = '';
  #name = '';

  #changed = () => void this.#load();

  /** @override */
  began() {
    session.addEventListener('change', this.#changed);
    this.addEventListener('submit', this.#submitted);
    void session.begin().catch(() => {});
    void this.#load();
  }

  /** @override */
  ended() {
    session.removeEventListener('change', this.#changed);
    this.removeEventListener('submit', this.#submitted);
  }

  /** @override */
  told() {
    if (this.data?.command === this.#name) return;
    [this.#command, this.#prepared, this.#fault, this.#step, this.#taken] = [null, null, null, 'form', ''];
    void this.#load();
  }

  async #load() {
    this.#name = this.data?.command ?? '';
    try {
      this.#command = (await commands()).get(this.#name) ?? null;
      if (!this.#command) throw new Error(`Expected a command, found “${this.#name}”, which is none.`);
      this.#agents = session.account ? await agentsOf(session.account) : [];
    } catch (fault) {
      this.#fault = fault;
    }
    this.#show();
  }

  /** @returns {import('./fields.js').Field[]} */
  #fields() {
    const form = FORMS[this.#name];
    const hidden = [...COMPUTED, ...(COMPUTED_HERE[this.#name] ?? [])];
    return [
      ...(form?.fields?.(this.#known()) ?? []),
      ...fieldsOf(this.#command?.arguments ?? { type: 'object' }, this.#known(), form?.hints ?? {}).filter(
        // What this page computes is not asked for; a form without that computes nothing.
        ({ path }) => !form?.finish || !hidden.includes(path),
      ),
    ];
  }

  /** @returns {Record<string, string>} */
  #known() {
    return this.data?.known ?? {};
  }

  /** @override @param {string} what */
  pressed(what) {
    if (what === 'sign') void this.#sign();
    if (what === 'back') {
      [this.#step, this.#prepared, this.#fault] = ['form', null, null];
      this.#show();
    }
  }

  /** @param {Event} event */
  #submitted = (event) => {
    event.preventDefault();
    const form = event.target;
    if (form instanceof HTMLFormElement) void this.#prepare(new FormData(form));
  };

  /** @param {FormData} form */
  async #prepare(form) {
    [this.#step, this.#fault] = ['preparing', null];
    this.#show();
    try {
      /** @type {Record<string, any>} */
      const values = {};
      for (const field of this.#fields()) values[field.path] = await read(field, form);
      const finish = FORMS[this.#name]?.finish;
      const finished = finish ? await finish(values, this.#known()) : values;
      this.#prepared = await prepare(this.#name, session.account ?? '', nested({ ...this.#known(), ...finished }));
      this.#key = crypto.randomUUID();
      this.#step = 'prepared';
    } catch (fault) {
      [this.#step, this.#fault] = ['form', fault];
    }
    this.#show();
  }

  async #sign() {
    [this.#step, this.#fault] = ['signing', null];
    this.#show();
    try {
      if (this.#prepared.relay) {
        this.#taken = (await relay(this.#name, this.#prepared, this.#key)).id;
        this.#step = 'sent';
      } else {
        this.#own = await sendOwn(this.#prepared);
        this.#step = 'own';
      }
    } catch (fault) {
      [this.#step, this.#fault] = ['prepared', fault];
    }
    this.#show();
  }

  #show() {
    this.dataset.step = this.#step;
    if (this.#step === 'sent') {
      const way = h('es-way', { '.data': { id: this.#taken }, 'data-key': this.#taken });
      return this.draw(h('div', null, way), h('p', null, this.#after()));
    }
    if (this.#step === 'own')
      return this.draw(
        h(
          'p',
          { role: 'status' },
          'Your wallet sent it: ',
          hash(this.#own),
          '. This page moves when a block holds it.',
        ),
      );
    this.draw(refusal(this.#fault), this.#prepared ? this.#preview() : this.#form());
  }

  #after() {
    return h(
      'a',
      { href: this.data?.back ?? '#/wallet' },
      this.data?.about ? `Back to ${this.data.about}` : 'Back to your wallet',
    );
  }

  #form() {
    const form = FORMS[this.#name];
    if (!this.#command) return null;
    if (!session.isReady) return notReady();
    const fields = this.#fields();
    const fault = this.#fault instanceof FieldFault ? this.#fault : null;
    const drawn = (/** @type {import('./fields.js').Field[]} */ some) =>
      some.map((field) => draw(field, { agents: this.#agents, fault, scope: 'act' }));
    const more = fields.filter(({ isMore }) => isMore);
    return h(
      'form',
      { class: 'act', novalidate: true },
      h('p', { class: 'soft' }, form?.note ?? effectWords(this.#command.effect)),
      ...knownFacts(this.#known()),
      ...drawn(fields.filter(({ isMore }) => !isMore)),
      more.length > 0 ? h('details', null, h('summary', null, 'More terms'), ...drawn(more)) : null,
      h(
        'p',
        { class: 'buttons' },
        h(
          'button',
          { type: 'submit', class: 'main', disabled: this.#step === 'preparing' },
          this.#step === 'preparing' ? 'Asking the chain…' : 'See what it would do',
        ),
      ),
    );
  }

  #preview() {
    const { effect, outcome, cost, relay: relayed, decidedAtBlock } = this.#prepared;
    const results = Object.entries(outcome.results ?? {});
    return h(
      'div',
      { class: 'preview' },
      h('h3', null, 'What would change'),
      h('p', { class: 'effect' }, effect),
      h(
        'ul',
        { class: 'soft' },
        ...results.map(([name, value]) => h('li', null, `${plain(spaced(name))}: ${String(value)}`)),
        h(
          'li',
          null,
          relayed
            ? `It costs you nothing: the relayer pays for ${count(cost.gas)} units of gas. On your own it would be at most ${credits(cost.mostWei, 6)} ether.`
            : `No relayer brings this command: your account pays for the gas, at most ${credits(cost.mostWei, 6)} ether.`,
        ),
        relayed
          ? h(
              'li',
              null,
              `Your signature holds for ${span(Number(relayed.request.deadline) - chainNow() / 1_000)}; after that it is worth nothing.`,
            )
          : null,
        h('li', null, `Decided on the state at block ${count(decidedAtBlock)}, and rehearsed on the chain.`),
      ),
      h(
        'p',
        { class: 'buttons' },
        button(
          'sign',
          this.#step === 'signing' ? 'Waiting for your wallet…' : relayed ? 'Sign and hand in' : 'Send with my wallet',
          {
            class: 'main',
            disabled: this.#step === 'signing',
          },
        ),
        ' ',
        button('back', 'Change it', { disabled: this.#step === 'signing' }),
      ),
    );
  }
}

/** Why nothing can be signed now. */
export function notReady() {
  if (!session.account) return h('p', null, h('a', { href: '#/wallet' }, 'Connect a wallet'), ' to do this.');
  return h(
    'p',
    { class: 'wrong' },
    `Your wallet is on chain ${session.chainId}; this economy lives on chain ${session.economy?.chainId ?? '…'}. `,
    h('a', { href: '#/wallet' }, 'Switch on the wallet page'),
    '.',
  );
}

/** A refusal in plain words. @param {unknown} fault */
export function refusal(fault) {
  if (!fault || fault instanceof FieldFault) return null;
  if (!(fault instanceof Refused))
    return h('p', { class: 'refusal', role: 'alert' }, fault instanceof Error ? fault.message : String(fault));
  return h(
    'div',
    { class: 'refusal', role: 'alert' },
    h(
      'p',
      null,
      h('b', null, `Refused: ${plain(spaced(fault.code)).toLowerCase()}.`),
      ' Nothing was signed, and nothing was sent.',
    ),
    h(
      'dl',
      { class: 'facts' },
      ...[
        ['Expected', fault.expected],
        ['Found', fault.found],
        ['Where', fault.where],
      ]
        .filter(([, value]) => value)
        .map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))),
    ),
  );
}

/** The sentence of the table with its holes as words. @param {string} effect */
export const effectWords = (effect) =>
  effect.replace(
    /\{([A-Za-z0-9.]+)(:[a-z]+)?\}/g,
    (_, path) => `(${spaced(path.split('.').pop() ?? '').toLowerCase()})`,
  );

/** @param {Record<string, string>} known */
const knownFacts = (known) =>
  Object.entries(known).map(([name, value]) =>
    h(
      'p',
      { class: 'known', 'data-key': name },
      `${plain(spaced(name))}: `,
      /^0x[0-9a-f]{40}$/.test(value) ? account(value) : h('b', null, value),
    ),
  );

/** @param {string} owner */
async function agentsOf(owner) {
  const { agents } = await ask(
    `query Mine($owner: Address!) { agents(where: { owner: { eq: $owner } }, first: ${MOST_AGENTS}) { nodes { agentId } } }`,
    { owner },
  );
  return agents.nodes.map((/** @type {any} */ one) => String(one.agentId));
}

export { titleOf };
customElements.define('es-act', ActElement);
