// Our own elements. Enters: attributes and data. Leaves: a time that stays true while the page is open, and a chart.
// Always holds: time is the chain's: the newest block's, and what has passed since that block came; in the past it
// stands still.
import { clock, span } from './format.js';
import { draw } from './charts.js';

const TICK_MS = 1_000;

let chainTime = Date.now();
let heardAt = Date.now();
let isStill = false;

/** @param {string} timestamp the time of the block that is shown @param {boolean} still whether time stands */
export function setChainTime(timestamp, still) {
  const time = Date.parse(timestamp);
  if (time === chainTime && still === isStill) return;
  [chainTime, heardAt, isStill] = [time, Date.now(), still];
  tick();
}

/** The time of the chain, in milliseconds since 1970. */
export const chainNow = () => (isStill ? chainTime : chainTime + Math.min(Date.now() - heardAt, 3_600_000));

/** `<es-time at="2026-11-29T17:42:24Z">`: 12 s ago, in 3 min; with `since`, only the span. */
class TimeElement extends HTMLElement {
  static observedAttributes = ['at', 'until'];

  connectedCallback() {
    this.show();
  }

  attributeChangedCallback() {
    this.show();
  }

  show() {
    const at = this.getAttribute('at') ?? '';
    const seconds = Math.round((chainNow() - Date.parse(at)) / 1_000);
    const text = Number.isNaN(seconds) ? at : wordsOf(seconds);
    if (super.textContent !== text) super.textContent = text;
    const title = Number.isNaN(seconds) ? '' : clock(at);
    if (this.getAttribute('title') !== title) this.setAttribute('title', title);
    this.toggleAttribute('past', seconds >= 0);
  }
}

/** @param {number} seconds */
function wordsOf(seconds) {
  if (Math.abs(seconds) < 1) return 'now';
  return seconds > 0 ? `${span(seconds)} ago` : `in ${span(-seconds)}`;
}

/** `<es-chart>`: `data` is a drawing as charts.js knows it; the drawing follows the width and the colours. */
class ChartElement extends HTMLElement {
  /** @type {import('./charts.js').Drawing | null} */ #data = null;
  #told = '';
  #observer = new ResizeObserver(() => this.#draw(true));
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #again = () => this.#draw(true);

  get data() {
    return this.#data;
  }

  set data(value) {
    this.#data = value;
    if (this.isConnected) this.#draw(false);
  }

  connectedCallback() {
    this.#observer.observe(this);
    this.#dark.addEventListener('change', this.#again);
    this.#draw(true);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#dark.removeEventListener('change', this.#again);
  }

  /** @param {boolean} always */
  #draw(always) {
    if (!this.#data || this.clientWidth === 0) return;
    const told = JSON.stringify([this.#data, this.clientWidth]);
    if (told === this.#told && (!always || this.childElementCount > 0) && !this.#isOtherColour()) return;
    this.#told = told;
    this.#colour = this.#dark.matches;
    void draw(this, this.#data);
  }

  #colour = false;
  #isOtherColour = () => this.#colour !== this.#dark.matches;
}

function tick() {
  for (const element of document.querySelectorAll('es-time')) if (element instanceof TimeElement) element.show();
}

export function defineElements() {
  customElements.define('es-time', TimeElement);
  customElements.define('es-chart', ChartElement);
  setInterval(tick, TICK_MS);
}
