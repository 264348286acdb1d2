// What our own elements of the wallet share. Enters: data of a page, clicks. Leaves: an inside that the element owns.
// Always holds: data that was set before the element was known is not lost; a redrawn inside keeps what a reader typed.
import { h, morphChildren } from '../dom.js';

/** An element with data, that draws its own inside. */
export class OwnElement extends HTMLElement {
  /** @type {any} */ #data = null;

  get data() {
    return this.#data;
  }

  set data(value) {
    const isSame = JSON.stringify(value) === JSON.stringify(this.#data);
    this.#data = value;
    if (this.isConnected) this.told(isSame);
  }

  connectedCallback() {
    // Set before this class was there, it stands on the element itself.
    if (Object.hasOwn(this, 'data')) {
      const value = Reflect.get(this, 'data');
      Reflect.deleteProperty(this, 'data');
      this.#data = value;
    }
    this.addEventListener('click', this.#clicked);
    this.began();
  }

  disconnectedCallback() {
    this.removeEventListener('click', this.#clicked);
    this.ended();
  }

  /** It stands in the page. */
  began() {}

  /** It was taken out of the page. */
  ended() {}

  /** The page was read again. @param {boolean} _isSame whether it says the same */
  told(_isSame) {}

  /** A button with data-do was pressed. @param {string} _what @param {HTMLElement} _button */
  pressed(_what, _button) {}

  /** @param {...import('../dom.js').Children} children */
  draw(...children) {
    morphChildren(this, h('div', null, ...children));
  }

  /** @param {Event} event */
  #clicked = (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-do]') : null;
    if (!(button instanceof HTMLElement) || button.hasAttribute('disabled')) return;
    event.preventDefault();
    this.pressed(button.dataset.do ?? '', button);
  };
}

/** @param {string} what @param {import('../dom.js').Children} text @param {Record<string, unknown>} [more] */
export const button = (what, text, more = {}) => h('button', { type: 'button', 'data-do': what, ...more }, text);
