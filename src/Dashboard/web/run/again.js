// `<es-run>`: what a task was about, by content, and its work done again in this browser. Enters: the hashes of a task
// and of its delivery. Leaves: input, output and receipt, each checked against its hash; and whether a run here gives
// the same output. Always holds: nothing is fetched and nothing runs before a button is pressed; a run has a limit of
// time, of memory and of output, and no way out of its worker.
import { h } from '../dom.js';
import { count, middle } from '../format.js';
import { sha256 } from '../wallet/bytes.js';
import { OwnElement, button } from '../wallet/element.js';
import { cidOf, contentOf, hashOfCid } from './content.js';

const MOST_MS = 30_000;
const MOST_SHOWN = 4_000;
const MOST_MEMORY = 268_435_456;
const MOST_OUTPUT = 16_777_216;
const USUAL = { memoryBytes: 67_108_864, outputBytes: 1_048_576 };
const TASK = 'eventsourced-task/1';
const RECEIPT = 'eventsourced-execution-receipt/1';
const MEMBERS = ['module', 'input', 'arguments', 'environment', 'files', 'randomSeed', 'clock', 'limits'];

/**
 * @typedef {{ title: string, work: any, receipt: any, missing: string[],
 *   parts: { name: string, hash: string, bytes: Uint8Array }[] }} Found
 * @typedef {{ exit: { kind: string, code?: number, reason?: string }, output: Uint8Array, errorOutput: Uint8Array,
 *   memoryBytes: number, milliseconds: number, outputHash: string }} Ran
 */

class RunElement extends OwnElement {
  /** @type {Found | null} */ #found = null;
  /** @type {Ran | null} */ #ran = null;
  #fault = '';
  #busy = '';

  /** @override */
  began() {
    this.#show();
  }

  /** @override @param {boolean} isSame */
  told(isSame) {
    if (!isSame) [this.#found, this.#ran, this.#fault] = [null, null, ''];
    this.#show();
  }

  /** @override @param {string} what */
  pressed(what) {
    if (this.#busy) return;
    if (what === 'look')
      void this.#try('Fetching…', async () => {
        this.#found = await found(this.data);
      });
    if (what === 'run')
      void this.#try('Running…', async () => {
        this.#ran = await runAgain(this.#found);
      });
  }

  /** @param {string} words @param {() => Promise<void>} work */
  async #try(words, work) {
    [this.#busy, this.#fault] = [words, ''];
    this.#show();
    try {
      await work();
    } catch (fault) {
      this.#fault = fault instanceof Error ? fault.message : String(fault);
    }
    this.#busy = '';
    this.#show();
  }

  #show() {
    this.dataset.state = this.#busy ? 'busy' : this.#ran ? 'ran' : this.#found ? 'found' : 'idle';
    const found = this.#found;
    this.draw(
      this.#fault ? h('p', { class: 'refusal', role: 'alert' }, this.#fault) : null,
      found
        ? shown(found)
        : h(
            'p',
            { class: 'soft' },
            'Input, output and receipt are found by their hashes. Nothing is fetched before you ask.',
          ),
      h(
        'p',
        { class: 'buttons' },
        found ? null : button('look', this.#busy || 'Show input, output and receipt', { disabled: this.#busy !== '' }),
        found?.work
          ? button('run', this.#busy || 'Run it again in this browser', { class: 'main', disabled: this.#busy !== '' })
          : null,
      ),
      this.#ran ? verdict(this.#ran, this.data, found) : null,
    );
  }
}

/** @param {any} data @returns {Promise<Found>} */
async function found({ specHash, resultHash, receiptHash }) {
  /** @type {Found} */
  const all = { title: '', work: null, receipt: null, parts: [], missing: [] };
  const take = async (/** @type {string} */ name, /** @type {string} */ hash) => {
    if (!hash || /^0x0{64}$/.test(hash)) return null;
    try {
      const bytes = await contentOf(hash, name);
      all.parts.push({ name, hash, bytes });
      return bytes;
    } catch (fault) {
      all.missing.push(fault instanceof Error ? fault.message : String(fault));
      return null;
    }
  };
  const specification = read(await take('the specification', specHash));
  if (specification?.schema === TASK && specification.work) {
    const unknown = Object.keys(specification.work).find((name) => !MEMBERS.includes(name));
    if (unknown)
      all.missing.push(`Expected work that this page knows, found its member ${unknown}: it could change the work.`);
    else all.work = specification.work;
    all.title = String(specification.title ?? '');
  }
  if (all.work) await take('the input', hashOfCid(all.work.input));
  await take('the output', resultHash);
  const receipt = read(await take('the receipt', receiptHash));
  if (receipt?.schema === RECEIPT) all.receipt = receipt;
  return all;
}

/** @param {Uint8Array | null} bytes @returns {any} */
function read(bytes) {
  try {
    return bytes ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) : null;
  } catch {
    return null;
  }
}

/** @param {Found | null} known @returns {Promise<Ran>} */
async function runAgain(known) {
  const work = known?.work;
  if (!work) throw new Error('Expected a specification of WebAssembly work, found none.');
  const moduleHash = work.module ? hashOfCid(work.module) : known?.receipt ? `0x${known.receipt.moduleHash}` : null;
  if (!moduleHash) throw new Error('Expected a module in the specification or in the receipt, found none.');
  const files = Object.entries(work.files ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const [module, input, ...contents] = await Promise.all([
    contentOf(moduleHash, 'the module'),
    contentOf(hashOfCid(work.input), 'the input'),
    ...files.map(([path, cid]) => contentOf(hashOfCid(String(cid)), `the file ${path}`)),
  ]);
  const memoryBytes = Math.min(Number(work.limits?.memoryBytes ?? USUAL.memoryBytes), MOST_MEMORY);
  const world = {
    arguments: (work.arguments ?? []).map(String),
    environment: Object.entries(work.environment ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    input,
    files: files.map(([path], at) => [path, contents[at]]),
    seed: BigInt(work.randomSeed ?? 0),
    clockStart: BigInt(work.clock?.startNanoseconds ?? 0),
    clockStep: BigInt(work.clock?.stepNanoseconds ?? 0),
    outputBytes: Math.min(Number(work.limits?.outputBytes ?? USUAL.outputBytes), MOST_OUTPUT),
  };
  const ran = await inWorker({ module, world, memoryBytes });
  return { ...ran, outputHash: await sha256(ran.output) };
}

/**
 * Runs a module in a worker of its own. @param {unknown} work @param {number} [mostMs]
 * @returns {Promise<Omit<Ran, 'outputHash'>>}
 */
export function inWorker(work, mostMs = MOST_MS) {
  const worker = new Worker('/dashboard/run/worker.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () =>
        done(() =>
          reject(new Error(`Expected the run to end within ${mostMs / 1_000} s, found it running. It was ended.`)),
        ),
      mostMs,
    );
    const done = (/** @type {() => void} */ answer) => {
      clearTimeout(limit);
      worker.terminate();
      answer();
    };
    worker.addEventListener('message', ({ data }) => done(() => resolve(data)));
    worker.addEventListener('error', (event) =>
      done(() => reject(new Error(`The worker could not run it: ${event.message || 'its files did not come'}.`))),
    );
    worker.postMessage(work);
  });
}

/** @param {Found} found */
const shown = ({ title, parts, missing, receipt }) =>
  h(
    'div',
    null,
    title ? h('p', null, h('b', null, title)) : null,
    ...missing.map((why) => h('p', { class: 'soft' }, why)),
    ...parts.map(({ name, hash, bytes }) =>
      h(
        'details',
        { 'data-key': name },
        h(
          'summary',
          null,
          `${name.replace('the ', '').replace(/^./, (letter) => letter.toUpperCase())}: ${count(bytes.length)} bytes, hash checked here`,
        ),
        h('p', { class: 'soft' }, h('code', { class: 'long', title: hash }, cidOf(hash))),
        h('pre', { tabindex: 0 }, preview(bytes)),
      ),
    ),
    receipt ? facts(receipt) : null,
  );

/** @param {any} receipt */
const facts = ({ exit, fuelUsed, memoryPeakBytes, engineVersion }) =>
  h(
    'p',
    { class: 'soft' },
    `The receipt says: ${exit?.kind ?? '?'} ${exit?.code ?? exit?.reason ?? ''}, ${count(fuelUsed)} units of fuel, ${count(memoryPeakBytes)} bytes of memory, by ${engineVersion}.`,
  );

/** @param {Uint8Array} bytes */
function preview(bytes) {
  const some = bytes.subarray(0, MOST_SHOWN);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(some) + (bytes.length > MOST_SHOWN ? '\n…' : '');
  } catch {
    return `${Array.from(some.subarray(0, 512), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}${bytes.length > 512 ? ' …' : ''}`;
  }
}

/** @param {Ran} ran @param {any} data @param {Found | null} found */
function verdict({ exit, output, outputHash, memoryBytes, milliseconds }, { resultHash }, found) {
  const isSame = exit.kind === 'exited' && exit.code === 0 && outputHash === resultHash;
  const receipt = found?.receipt;
  return h(
    'div',
    { class: `ran ${isSame ? 'same' : 'other'}`, role: 'status' },
    h(
      'p',
      null,
      h('b', null, isSame ? 'The same output.' : 'Another output.'),
      isSame
        ? ' Run here, the module wrote exactly what was delivered: '
        : ` The run here ended with ${exit.kind} ${exit.code ?? exit.reason ?? ''}. Expected output with the SHA-256 ${middle(String(resultHash))}, found ${middle(outputHash)}: `,
      `${count(output.length)} bytes in ${Math.round(milliseconds)} ms with ${count(memoryBytes)} bytes of memory.`,
    ),
    receipt && `0x${receipt.outputHash}` !== outputHash
      ? h('p', null, 'The receipt states another output than this run gave.')
      : null,
    h(
      'details',
      { 'data-key': 'ran' },
      h('summary', null, 'What it wrote here'),
      h('pre', { tabindex: 0 }, preview(output)),
    ),
  );
}

customElements.define('es-run', RunElement);
