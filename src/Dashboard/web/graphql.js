// Asking and listening. Enters: GraphQL documents. Leaves: data, or an error that says what is wrong; and the blocks
// as the index takes them in, over server-sent events. Always holds: one stream for each visible page; a line that
// broke is tried again for ever, with a wait that grows to LONGEST_WAIT_MS; a hidden page holds no line.

const REQUEST_MS = 20_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5_000;
const SILENCE_MS = 4_000;
const LONGEST_EVENT = 1_000_000;

/** @typedef {{ number: number, hash: string, timestamp: string }} Block */
/** @typedef {'connecting' | 'live' | 'lost' | 'paused'} LineState */

/** What went wrong, in words for people. */
export class Fault extends Error {
  /** @param {string} message @param {boolean} isOurs whether the question was wrong, not the line */
  constructor(message, isOurs) {
    super(message);
    this.isOurs = isOurs;
  }
}

/** Whole numbers that a double cannot hold stay texts.
 * @param {string} text @returns {any} */
export function parseExactly(text) {
  const exact = (/** @type {string} */ _, /** @type {unknown} */ value, /** @type {{ source?: string }} */ context) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
      ? context.source
      : value;
  return JSON.parse(text, /** @type {any} */ (exact));
}

/** @param {string} query @param {Record<string, unknown>} [variables] @returns {Promise<any>} */
export async function ask(query, variables = {}) {
  let answer;
  let text;
  try {
    answer = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    text = await answer.text();
  } catch (fault) {
    const why =
      fault instanceof DOMException && fault.name === 'TimeoutError'
        ? `did not answer within ${REQUEST_MS / 1000} s`
        : 'does not answer';
    throw new Fault(`The API ${why}.`, false);
  }
  let body;
  try {
    body = parseExactly(text);
  } catch {
    throw new Fault(`Expected an answer of GraphQL, found status ${answer.status} of another server.`, false);
  }
  const error = body.errors?.[0];
  if (error) throw new Fault(error.message, answer.status < 500 && Boolean(error.extensions?.code) && !isTheirs(error));
  return body.data;
}

/** @param {{ extensions?: { code?: string } }} error */
const isTheirs = (error) => /INTERNAL|UNEXPECTED|TIME/.test(error.extensions?.code ?? '');

/** The line over which blocks come. Tells `block` and `state`. */
export class Line extends EventTarget {
  /** @type {LineState} */ state = 'connecting';
  /** @type {string} */ why = '';
  /** @type {Date | null} */ since = null;
  #waits = 0;
  /** @type {AbortController | null} */ #stream = null;
  #heard = 0;
  #turn = 0;

  start() {
    document.addEventListener('visibilitychange', () => this.#seen());
    setInterval(() => void this.#watch(), SILENCE_MS);
    void this.#run();
  }

  #seen() {
    if (document.hidden) {
      this.#stream?.abort();
      this.#become('paused', '');
    } else if (this.state === 'paused') {
      this.#become('connecting', '');
      void this.#run();
    }
  }

  // A page that is hidden and seen again begins anew: the earlier turn ends.
  async #run() {
    const mine = ++this.#turn;
    while (!document.hidden && mine === this.#turn) {
      const stream = new AbortController();
      this.#stream = stream;
      try {
        await this.#read(stream.signal);
      } catch {
        // The reason is told below: the browser's own words say nothing to people.
      }
      if (document.hidden || mine !== this.#turn) return;
      this.#become('lost', 'The API does not answer.');
      await new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_WAIT_MS * 2 ** this.#waits, LONGEST_WAIT_MS)));
      this.#waits = Math.min(this.#waits + 1, 8);
    }
  }

  /** @param {AbortSignal} signal */
  async #read(signal) {
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { blockIndexed { block { number hash timestamp } } }' }),
      signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`expected a stream of events, found status ${answer.status}`);
    // Whatever was indexed while there was no line: the page reads again.
    await this.#now();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#heard = Date.now();
      rest += value;
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      if (rest.length > LONGEST_EVENT) throw new Error(`expected at most ${LONGEST_EVENT} characters in an event`);
      for (const event of events) this.#take(event);
    }
  }

  /** @param {string} event */
  #take(event) {
    const data = event.split('\n').find((line) => line.startsWith('data: '));
    if (!data) return;
    const block = parseExactly(data.slice(6)).data?.blockIndexed?.block;
    if (block) this.#tell(block);
  }

  /** @param {Block} block */
  #tell(block) {
    this.#waits = 0;
    this.#become('live', '');
    this.dispatchEvent(new CustomEvent('block', { detail: block }));
  }

  async #now() {
    const { _meta } = await ask('{ _meta { block { number hash timestamp } } }');
    if (_meta.block) this.#tell(_meta.block);
    else this.#become('live', '');
    this.#heard = Date.now();
  }

  // A stream that is silent says nothing of the database behind it: it is asked.
  async #watch() {
    if (document.hidden || this.state === 'connecting' || Date.now() - this.#heard < SILENCE_MS) return;
    try {
      await this.#now();
    } catch (fault) {
      const isLost = this.state === 'lost' && this.why === 'The API does not answer.';
      if (!isLost) this.#become('lost', fault instanceof Fault ? fault.message : String(fault));
    }
  }

  /** @param {LineState} state @param {string} why */
  #become(state, why) {
    if (this.state === state && this.why === why) return;
    if (this.state !== 'lost' || state !== 'lost') this.since = new Date();
    const before = this.state;
    this.state = state;
    this.why = why;
    this.dispatchEvent(new CustomEvent('state', { detail: before }));
  }
}
