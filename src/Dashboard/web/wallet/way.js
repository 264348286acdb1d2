// `<es-way>`: the way of one command, from the relayer's journal to the final block. Enters: the id of a command.
// Leaves: its steps, and what it changed. Always holds: the steps come over server-sent events, without a reload; a
// command that failed says why.
import { h } from '../dom.js';
import { plain } from '../format.js';
import { blockLink, hash, thing } from '../words.js';
import { statusOf, watch } from './commands.js';
import { OwnElement } from './element.js';
import { spaced } from './fields.js';
import { titleOf } from './forms.js';

/** @type {[string, string][]} */
const STEPS = [
  ['received', 'Taken'],
  ['simulated', 'Rehearsed'],
  ['signed', 'Signed by the relayer'],
  ['broadcast', 'Sent to the chain'],
  ['included', 'In a block'],
  ['finalized', 'Final'],
];
const LOOKS = 60;
const FIRST_LOOK_MS = 300;
const LONGEST_LOOK_MS = 3_000;

class WayElement extends OwnElement {
  /** @type {any} */ #status = null;
  #followed = '';
  /** @type {(() => void) | null} */ #end = null;

  /** @override */
  began() {
    const { id, status } = this.data ?? {};
    if (!id || this.#followed === id) return this.#show();
    this.#followed = id;
    this.#status = status ?? null;
    this.#show();
    if (!this.#status?.isOver) this.#end = watch(id, (heard) => this.#heard(heard));
    else if (!this.#status.events) void this.#caused();
  }

  /** @override */
  ended() {
    this.#end?.();
    this.#followed = '';
  }

  /** @override */
  told() {
    if (this.data?.id !== this.#followed) {
      this.ended();
      this.began();
    } else this.#show();
  }

  /** @param {any} status */
  #heard(status) {
    const events = this.#status?.events;
    this.#status = { ...status, ...(events ? { events } : {}) };
    this.#show();
    this.dispatchEvent(new CustomEvent('way', { detail: status, bubbles: true }));
    if (status.succeeded && !events) void this.#caused();
  }

  // The index has the events a moment after the block.
  async #caused() {
    for (let look = 0; look < LOOKS && this.isConnected; look++) {
      try {
        const found = await statusOf(this.#followed);
        if (found.events) {
          this.#status = { ...this.#status, events: found.events };
          return this.#show();
        }
      } catch {
        // What it changed is asked again; the way itself goes on.
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_LOOK_MS * 1.3 ** look, LONGEST_LOOK_MS)));
    }
  }

  #show() {
    const status = this.#status;
    if (!status) return this.draw(h('p', { class: 'soft', role: 'status' }, 'Handed in. Waiting for the relayer…'));
    const isBad = status.status === 'failed' || status.status === 'expired' || status.succeeded === false;
    const at = STEPS.findIndex(([phase]) => phase === status.status);
    this.dataset.phase = status.status;
    this.draw(
      h(
        'p',
        { class: 'way-head' },
        h('b', null, titleOf(status.command)),
        ' ',
        h('span', { class: 'soft' }, handedIn(status.receivedAt)),
      ),
      h('p', null, status.effect),
      h(
        'ol',
        { class: `steps${isBad ? ' bad' : ''}` },
        STEPS.map(([, name], index) =>
          h('li', { class: index <= at ? 'gone' : null, 'aria-current': index === at ? 'step' : null }, name),
        ),
      ),
      h('p', { role: 'status', class: isBad ? 'wrong' : 'soft' }, this.#words(status, isBad)),
      status.events?.length ? changed(status.events) : null,
    );
  }

  /** @param {any} status @param {boolean} isBad @returns {import('../dom.js').Children} */
  #words(status, isBad) {
    if (status.status === 'expired')
      return 'Its deadline passed before a block held it: it did not happen, and never will. Do it again.';
    if (isBad) return ['It did not happen: ', status.reason ?? plain(spaced(status.code ?? 'no reason')), '.'];
    if (status.block === undefined) return 'No block holds it yet.';
    return [
      status.status === 'finalized' ? 'Final: it happened in ' : 'It happened in ',
      blockLink(status.block),
      ', by ',
      hash(status.transaction),
      status.status === 'finalized' ? '.' : '. The chain may still take the block back.',
    ];
  }
}

/** The host's time, not the chain's. @param {string} at */
const handedIn = (at) => new Date(at).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short', hour12: false });

/** @param {any[]} events */
const changed = (events) =>
  h(
    'ul',
    { class: 'changed', 'aria-label': 'What it changed' },
    [...new Map(events.map((one) => [`${one.stream} ${one.type}`, one])).values()]
      .filter(({ stream }) => !stream.startsWith('forwarder'))
      .map((one) => h('li', null, thing(one.stream), ': ', plain(one.type))),
  );

customElements.define('es-way', WayElement);
