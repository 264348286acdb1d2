// Where the reader is. Enters: the part of the address behind #. Leaves: page, id, choices and the block of the past.
// Always holds: every link that is made here keeps the block, so that a reader of the past stays in the past.

/** @typedef {{ page: string, id: string, choices: URLSearchParams, block: number | null }} Route */

const LONGEST = 500;

/** @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').slice(0, LONGEST).split('?');
  const [page = '', ...rest] = path.split('/');
  const choices = new URLSearchParams(query);
  const block = choices.get('block');
  choices.delete('block');
  return {
    page: page || 'overview',
    id: decode(rest.join('/')),
    choices,
    block: block !== null && /^\d{1,15}$/.test(block) ? Number(block) : null,
  };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @type {Route} */
let here = routeOf('');

export const currentRoute = () => here;

/** @param {Route} route */
export function enter(route) {
  here = route;
}

/** @param {string} page @param {string} [id] @param {Record<string, string | null>} [choices] */
export function href(page, id = '', choices = {}) {
  return addressOf({ page, id, block: here.block, choices: new URLSearchParams(clean(choices)) });
}

/** The same page with other choices. @param {Record<string, string | null>} choices */
export function hrefHere(choices) {
  const all = { ...Object.fromEntries(here.choices), ...choices };
  return addressOf({ ...here, choices: new URLSearchParams(clean(all)) });
}

/** The same page at another block; null is the present. @param {number | null} block */
export const hrefAt = (block) => addressOf({ ...here, block });

/** @param {Route} route */
function addressOf({ page, id, choices, block }) {
  const query = new URLSearchParams(choices);
  if (block !== null) query.set('block', String(block));
  const path = page === 'overview' && !id ? '' : `${page}${id ? `/${encodeURIComponent(id)}` : ''}`;
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** @param {Record<string, string | null>} choices */
const clean = (choices) =>
  /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(choices).filter(([, value]) => value)));
