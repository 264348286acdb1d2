// `<es-proof>`: whether an event stands in the audit log, checked in this browser. Enters: the event's place among all.
// Leaves: a sign, and on a press the leaf with its proof. Always holds: proven is said only after the way from the leaf
// to a root that the log's key signed was walked here; many badges ask in few questions.
import { h } from '../dom.js';
import { count, middle } from '../format.js';
import { ask, parseExactly } from '../graphql.js';
import { hexOf } from '../wallet/bytes.js';
import { OwnElement, button } from '../wallet/element.js';
import { believedKey, check } from './log.js';

const AT_ONCE = 10;
const GATHER_MS = 30;
const AGAIN_MS = 8_000;
const MOST_KEPT = 2_000;

/**
 * @typedef {{ state: 'proven' | 'waiting' | 'wrong' | 'away', why: string, leaf: string, proof: string, index: bigint,
 *   size: bigint, root: string, origin: string }} Proven
 */

/** By event: what was proven once stays proven. @type {Map<string, Proven>} */
const known = new Map();
/** @type {Map<string, { position: number, heard: ((proven: Proven) => void)[] }>} */
const wanted = new Map();
let isAsking = false;

/** @param {string} id @param {number} position @returns {Promise<Proven>} */
function prove(id, position) {
  const there = known.get(id);
  if (there) return Promise.resolve(there);
  return new Promise((resolve) => {
    const waiting = wanted.get(id) ?? { position, heard: [] };
    waiting.heard.push(resolve);
    wanted.set(id, waiting);
    if (!isAsking) void gather();
  });
}

async function gather() {
  isAsking = true;
  await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  while (wanted.size > 0) {
    const some = [...wanted].slice(0, AT_ONCE);
    for (const [id] of some) wanted.delete(id);
    const answers = await answersTo(some.map(([id, { position }]) => ({ id, position })));
    for (const [id, { heard }] of some) {
      const proven = answers.get(id) ?? { ...NOTHING, state: 'away', why: 'The API does not answer.' };
      if (proven.state === 'proven') {
        if (known.size >= MOST_KEPT) known.clear();
        known.set(id, proven);
      }
      for (const tell of heard) tell(proven);
    }
  }
  isAsking = false;
}

/** @type {Proven} */
const NOTHING = { state: 'waiting', why: '', leaf: '', proof: '', index: 0n, size: 0n, root: '', origin: '' };

/** @param {{ id: string, position: number }[]} events */
async function answersTo(events) {
  /** @type {Map<string, Proven>} */
  const answers = new Map();
  try {
    const { parseKey, verifyProof } = await check();
    const log = await parseKey(await believedKey());
    const found = await ask(
      `query Proofs(${events.map((_, at) => `$a${at}: ID!`).join(', ')}) {
        ${events.map((_, at) => `e${at}: event(id: $a${at}) { id position leaf proof }`).join('\n')} }`,
      Object.fromEntries(events.map(({ id }, at) => [`a${at}`, id])),
    );
    for (const [at, { id, position }] of events.entries())
      answers.set(id, await judged(found[`e${at}`], id, position, log, verifyProof));
  } catch {
    // Whoever is not answered is told so.
  }
  return answers;
}

/**
 * @param {any} node @param {string} id @param {number} position @param {any} log @param {any} verifyProof
 * @returns {Promise<Proven>}
 */
async function judged(node, id, position, log, verifyProof) {
  if (node?.id !== id || !node.proof)
    return { ...NOTHING, why: 'No published checkpoint covers this event yet: it waits for final blocks.' };
  const { leaf, proof } = node;
  try {
    const { index, checkpoint } = await verifyProof(proof, leaf, log);
    if (index !== BigInt(position) - 1n) throw new Error(`expected leaf ${position - 1}, found leaf ${index}`);
    return {
      state: 'proven',
      why: '',
      leaf,
      proof,
      index,
      size: checkpoint.size,
      root: hexOf(checkpoint.root),
      origin: checkpoint.origin,
    };
  } catch (fault) {
    return { ...NOTHING, state: 'wrong', leaf, proof, why: fault instanceof Error ? fault.message : String(fault) };
  }
}

class ProofElement extends OwnElement {
  /** @type {Proven | null} */ #proven = null;
  #of = '';
  #asked = 0;
  #isOpen = false;

  /** @override */
  began() {
    void this.#ask();
  }

  /** @override */
  told() {
    void this.#ask();
  }

  async #ask() {
    const { id, position } = this.data ?? {};
    if (!id) return;
    if (this.#of !== id) [this.#of, this.#proven, this.#asked, this.#isOpen] = [id, null, 0, false];
    this.#show();
    if (this.#proven?.state === 'proven' || Date.now() - this.#asked < AGAIN_MS) return;
    this.#asked = Date.now();
    const proven = await prove(id, position);
    if (this.#of !== id) return;
    this.#proven = proven;
    this.#show();
    // A checkpoint may come when no block does.
    if (proven.state === 'waiting' || proven.state === 'away')
      setTimeout(() => {
        if (this.isConnected && !document.hidden) void this.#ask();
      }, AGAIN_MS + GATHER_MS);
  }

  /** @override @param {string} what */
  pressed(what) {
    if (what === 'show') this.#isOpen = !this.#isOpen;
    if (what === 'save') save(this.#of, this.#proven);
    this.#show();
  }

  #show() {
    const proven = this.#proven;
    this.dataset.state = proven?.state ?? 'asking';
    const words = { proven: '✓ proven', waiting: 'not sealed yet', wrong: '✗ no proof', away: 'no answer' };
    this.draw(
      button('show', proven ? words[proven.state] : '…', {
        class: `badge ${proven?.state ?? ''}`,
        'aria-expanded': this.#isOpen ? 'true' : 'false',
        title:
          proven?.state === 'proven'
            ? `Leaf ${proven.index} of ${proven.size}: checked in this browser`
            : (proven?.why ?? 'This browser checks it'),
      }),
      this.#isOpen && proven ? this.#details(proven) : null,
    );
  }

  /** @param {Proven} proven */
  #details(proven) {
    if (proven.state !== 'proven') return h('div', { class: 'proof' }, h('p', null, proven.why));
    return h(
      'div',
      { class: 'proof' },
      h(
        'p',
        null,
        `This browser hashed the leaf below and walked ${siblings(proven.proof)} hashes up to the root `,
        h('code', { title: proven.root }, middle(proven.root)),
        ` over ${count(proven.size)} events, which `,
        h('code', null, proven.origin),
        ' signed.',
      ),
      h('h4', null, `Leaf ${count(proven.index)}`),
      h('pre', { tabindex: 0 }, pretty(proven.leaf)),
      h('h4', null, 'Proof'),
      h('pre', { tabindex: 0 }, proven.proof),
      h('p', { class: 'buttons' }, button('save', 'Save the proof')),
    );
  }
}

/** @param {string} proof */
const siblings = (proof) =>
  proof.split('\n').findIndex((line) => line === '') -
  1 -
  proof.split('\n').findIndex((line) => line.startsWith('index '));

/** @param {string} leaf */
function pretty(leaf) {
  try {
    return JSON.stringify(parseExactly(leaf), null, 1);
  } catch {
    return leaf;
  }
}

/** @param {string} id @param {Proven | null} proven */
function save(id, proven) {
  if (!proven) return;
  for (const [name, text] of [
    [`event-${id}.tlog-proof`, proven.proof],
    [`event-${id}.json`, proven.leaf],
  ]) {
    const address = URL.createObjectURL(new Blob([String(text)], { type: 'text/plain' }));
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
  }
}

customElements.define('es-proof', ProofElement);
