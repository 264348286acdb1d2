// `<es-actions>`: what the connected account may do about things. Enters: their ids. Leaves: a button for each command
// that would be granted, and the reason against each other one. Always holds: the host decides by the same rules as the
// commands themselves; the list is asked for again when a block comes or the account changes.
import { h } from '../dom.js';
import { plain } from '../format.js';
import { href } from '../route.js';
import { Refused, nextActions } from './commands.js';
import { effectWords, notReady } from './act.js';
import { OwnElement } from './element.js';
import { spaced } from './fields.js';
import { titleOf } from './forms.js';
import { session } from './session.js';

/** @typedef {import('./commands.js').Action & { about: string }} Shown */

const AGAIN_MS = 2_500;
// What people do first stands first; the rest follows by name.
const FIRST = [
  'tasks.create',
  'tasks.placeBid',
  'tasks.commitBid',
  'tasks.revealBid',
  'leases.start',
  'tasks.submit',
  'tasks.accept',
  'disputes.open',
  'disputes.commitVote',
  'disputes.revealVote',
  'agents.register',
  'stake.bond',
  'verifiers.join',
  'bounties.open',
  'guilds.form',
  'workflows.create',
  'channels.open',
  'jobs.create',
  'credit.transfer',
];
// The same wish with other parameters, for programs.
const ODD = /WithParams|WithData|Bare$|BySig|WithSignature|WithMetadata/;

class ActionsElement extends OwnElement {
  /** @type {Shown[] | null} */ #actions = null;
  /** @type {unknown} */ #fault = null;
  #asked = 0;
  #isAsking = false;

  #changed = () => void this.#ask(true);

  /** @override */
  began() {
    session.addEventListener('change', this.#changed);
    void session.begin().catch(() => {});
    void this.#ask(true);
  }

  /** @override */
  ended() {
    session.removeEventListener('change', this.#changed);
  }

  /** @override @param {boolean} isSame */
  told(isSame) {
    void this.#ask(!isSame);
  }

  /** @param {boolean} isWished */
  async #ask(isWished) {
    this.#show();
    if (!session.account || this.#isAsking || (!isWished && Date.now() - this.#asked < AGAIN_MS)) return;
    this.#isAsking = true;
    this.#asked = Date.now();
    try {
      const { ids, more } = this.data;
      const account = session.account;
      const [first, ...others] = await Promise.all([
        nextActions(ids[0], account),
        ...ids.slice(1).map((/** @type {string} */ id) => nextActions(id, account).catch(() => [])),
      ]);
      const all = first.map((one) => ({ ...one, about: ids[0] }));
      others.forEach((/** @type {import('./commands.js').Action[]} */ some, index) =>
        all.push(...some.filter(({ isLegal }) => isLegal !== false).map((one) => ({ ...one, about: ids[index + 1] }))),
      );
      for (const { command, known } of more)
        all.push({ command, arguments: known, isLegal: null, sender: '', effect: '', about: ids[0] });
      this.#actions = all;
      this.#fault = null;
    } catch (fault) {
      this.#fault = fault;
    }
    this.#isAsking = false;
    this.#show();
  }

  #show() {
    if (!session.account)
      return this.draw(
        h('p', { class: 'soft' }, h('a', { href: '#/wallet' }, 'Connect a wallet'), ' to see what you may do.'),
      );
    if (!session.isReady) return this.draw(notReady());
    if (this.#fault)
      return this.draw(
        h(
          'p',
          { class: 'soft' },
          this.#fault instanceof Refused
            ? `No command is about this thing.`
            : String(/** @type {Error} */ (this.#fault).message),
        ),
      );
    if (!this.#actions) return this.draw(h('p', { class: 'soft' }, 'Asking…'));
    const shown = this.#actions.filter(({ command }) => !ODD.test(command)).sort(byUse);
    const may = shown.filter(({ isLegal }) => isLegal !== false);
    const mayNot = shown.filter(({ isLegal }) => isLegal === false);
    // Of what begins something new, people want a few; the rest is for who knows it.
    const isLong = this.data.ids[0] === '';
    const first = may.filter(({ command }) => !isLong || FIRST.includes(command));
    const rest = may.filter((one) => !first.includes(one));
    this.draw(
      may.length > 0
        ? h(
            'ul',
            { class: 'actions', 'data-key': 'may' },
            first.map((action) => this.#entry(action)),
          )
        : h('p', { class: 'soft' }, 'Nothing, as this account and now.'),
      rest.length > 0
        ? h(
            'details',
            { 'data-key': 'rest' },
            h('summary', null, `More, for who knows it (${rest.length})`),
            h(
              'ul',
              { class: 'actions' },
              rest.map((action) => this.#entry(action)),
            ),
          )
        : null,
      mayNot.length > 0
        ? h(
            'details',
            { 'data-key': 'not' },
            h('summary', null, `What you may not do, and why (${mayNot.length})`),
            h('ul', { class: 'reasons' }, mayNot.map(reasonOf)),
          )
        : null,
    );
  }

  /** @param {Shown} action */
  #entry({ command, arguments: told, effect, about }) {
    // The state does not say for which side somebody speaks: it is asked for.
    const { side: _, ...known } = told;
    return h(
      'li',
      { 'data-key': `${command} ${about}` },
      h(
        'a',
        {
          class: 'button',
          title: effectWords(effect),
          href: href('act', command, { about: this.data.ids[0], known: JSON.stringify(known) }),
        },
        titleOf(command),
      ),
    );
  }
}

/** @param {import('./commands.js').Action} one */
const reasonOf = ({ command, reason }) =>
  h(
    'li',
    null,
    h('b', null, titleOf(command)),
    reason
      ? `: ${plain(spaced(reason.code)).toLowerCase()}. Expected ${reason.expected}, found ${reason.found}.`
      : ': not now.',
  );

/** @param {import('./commands.js').Action} a @param {import('./commands.js').Action} b */
function byUse(a, b) {
  const place = (/** @type {string} */ name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return place(a.command) - place(b.command) || a.command.localeCompare(b.command);
}

customElements.define('es-actions', ActionsElement);
