// `<es-root>`: the last root that this very browser verified. Enters: the word that a block came. Leaves: the root, and
// what was checked, in words. Always holds: it says verified only after the signature and the way from the last seen
// checkpoint held here; a log that was rewritten is an alarm that stays.
import { h } from '../dom.js';
import { clock, count, middle } from '../format.js';
import { time } from '../words.js';
import { hexOf } from '../wallet/bytes.js';
import { OwnElement, button } from '../wallet/element.js';
import { forget, look } from './log.js';

const AGAIN_MS = 10_000;

class RootElement extends OwnElement {
  /** @type {import('./log.js').Seen | null} */ #seen = null;
  #looked = 0;
  #isLooking = false;

  /** @override */
  began() {
    void this.#look();
  }

  /** @override */
  told() {
    void this.#look();
  }

  /** @override @param {string} what */
  pressed(what) {
    if (what === 'forget') forget();
    this.#looked = 0;
    void this.#look();
  }

  async #look() {
    this.#show();
    if (this.#isLooking || Date.now() - this.#looked < AGAIN_MS) return;
    this.#isLooking = true;
    this.#looked = Date.now();
    const found = await look();
    // A host that is silent for a moment takes nothing back that was verified.
    if (found.state !== 'away' || !this.#seen) this.#seen = found;
    this.#isLooking = false;
    this.#show();
  }

  #show() {
    const seen = this.#seen;
    this.dataset.state = seen?.state ?? 'looking';
    if (!seen)
      return this.draw(h('div', { class: 'value root' }, '…'), h('div', { class: 'under' }, 'this browser checks it'));
    if (seen.state === 'broken')
      return this.draw(
        h('div', { class: 'value root' }, h('span', { class: 'chip bad' }, 'Does not hold')),
        h(
          'div',
          { class: 'under long', role: 'alert' },
          seen.why,
          ' ',
          button('forget', 'Begin anew', { class: 'small' }),
        ),
      );
    if (!seen.checkpoint)
      return this.draw(h('div', { class: 'value root' }, '–'), h('div', { class: 'under' }, seen.why));
    const { checkpoint, before } = seen;
    const root = hexOf(checkpoint.stateRoot ?? checkpoint.root);
    this.draw(
      h('div', { class: 'value root' }, h('code', { class: 'root', title: root }, middle(root))),
      h(
        'div',
        { class: 'under' },
        h(
          'span',
          {
            class: 'chip done',
            title: `Signed by ${checkpoint.origin}; the key that this browser saw first, ${clock(seen.first)}`,
          },
          'Verified here',
        ),
        ` over ${count(checkpoint.size)} events`,
        before
          ? h(
              'span',
              { title: `It extends the checkpoint of ${count(before.size)} events that this browser verified before` },
              ', extends that of ',
              time(before.at),
            )
          : null,
      ),
    );
  }
}

customElements.define('es-root', RootElement);
