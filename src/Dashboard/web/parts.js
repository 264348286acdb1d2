// Parts that pages share. Enters: rows and columns. Leaves: panels, tables, lists of facts, time lines, empty states.
// Always holds: a wide table scrolls in its own frame, which the keyboard reaches.
import { h } from './dom.js';
import { plain } from './format.js';
import { hrefHere } from './route.js';
import { blockLink, sentence, thing, time } from './words.js';

/** @typedef {import('./dom.js').Children} Children */
/** @typedef {{ name: string, cell: (row: any) => Children, isNumber?: boolean, isWide?: boolean }} Column */

/** @param {string} title @param {Children[]} children @param {{ note?: Children, cls?: string }} [more] */
export const panel = (title, children, { note, cls } = {}) =>
  h(
    'section',
    { class: `panel ${cls ?? ''}`, 'aria-label': title },
    h('header', null, h('h2', null, title), note ? h('div', { class: 'note' }, note) : null),
    ...children,
  );

/**
 * @param {string} title @param {any[]} rows @param {Column[]} columns
 * @param {string} none what it means that there are no rows
 */
export function table(title, rows, columns, none) {
  if (rows.length === 0) return empty(none);
  const cls = (/** @type {Column} */ { isNumber, isWide }) =>
    [isNumber && 'number', isWide && 'wide'].filter(Boolean).join(' ') || null;
  return h(
    'div',
    { class: 'frame', tabindex: 0, role: 'region', 'aria-label': title },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((column) => h('th', { scope: 'col', class: cls(column) }, column.name)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            columns.map((column) => h('td', { class: cls(column) }, column.cell(row))),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} text */
export const empty = (text) => h('p', { class: 'none' }, text);

/** @param {[string, Children][]} facts */
export const facts = (facts) =>
  h(
    'dl',
    { class: 'facts' },
    facts.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value ?? '–'))),
  );

/**
 * Events as a list of sentences.
 * @param {any[]} events @param {{ isLive?: boolean, hasStream?: boolean, isProven?: boolean }} [more]
 */
export function eventList(events, { isLive = false, hasStream = true, isProven = false } = {}) {
  if (isProven) void import('./proof/badge.js').catch(() => {});
  return h(
    'ol',
    { class: 'events', ...(isLive ? { 'aria-live': 'off' } : {}) },
    events.map((event) =>
      h(
        'li',
        { class: `kind-${family(event.type)}`, 'data-key': event.id },
        h('div', { class: 'what' }, ...sentence(event)),
        h(
          'div',
          { class: 'where' },
          hasStream ? [thing(event.stream), ' · '] : null,
          blockLink(event.block.number),
          ' · ',
          time(event.block.timestamp),
          event.isDerived ? ' · follows from time' : '',
          isProven ? h('es-proof', { '.data': { id: event.id, position: event.position } }) : null,
        ),
      ),
    ),
  );
}

/** @param {string} type */
export function family(type) {
  if (/dispute|evidence|panel|round|vote_(c|r)|seed/.test(type)) return 'court';
  if (/moved|transfer|paid|dripped|approval|redeemed|refunded/.test(type)) return 'money';
  if (/task|bid|work_lease|job/.test(type)) return 'work';
  return /proposal|vote|param|council|timelock|breaker|guardian/.test(type) ? 'rule' : 'other';
}

export const EVENT_FIELDS = 'id stream type data version isDerived block { number timestamp }';

export const STORY_FIELDS = 'eventId position event stage stream version block timestamp isDerived actor data';

/** A story of the API as events. @param {any[]} story */
export const storyEvents = (story) =>
  story.map(({ eventId, event, block, timestamp, ...rest }) => ({
    ...rest,
    id: eventId,
    type: event,
    block: { number: block, timestamp },
  }));

/** Links that choose one of several values of a choice.
 * @param {string} label @param {string} choice @param {string} chosen @param {[string, string][]} values */
export const chooser = (label, choice, chosen, values) =>
  h(
    'nav',
    { class: 'chooser', 'aria-label': label },
    values.map(([value, text]) =>
      h(
        'a',
        { href: hrefHere({ [choice]: value, after: null }), 'aria-current': value === chosen ? 'true' : null },
        text,
      ),
    ),
  );

/** @param {any} pageInfo @param {number} shown @param {number | string} total */
export const pager = (pageInfo, shown, total) =>
  h(
    'p',
    { class: 'pager' },
    h('span', { class: 'soft' }, `${shown} of ${Number(total).toLocaleString('en')}`),
    pageInfo?.hasNextPage ? h('a', { href: hrefHere({ after: pageInfo.endCursor }) }, 'Next page →') : null,
  );

/** @param {Children} title @param {Children} [kind] @param {Children[]} [rest] */
export const heading = (title, kind, rest = []) =>
  h(
    'div',
    { class: 'heading' },
    kind ? h('p', { class: 'kind' }, kind) : null,
    h('h1', { tabindex: -1 }, title),
    ...rest,
  );

/**
 * What the connected account may do about things; in the past, nothing.
 * @param {string[]} ids the first is what the page is about @param {number | null} at
 * @param {{ command: string, known: Record<string, string> }[]} [more] commands about no thing of the index
 */
export function mayDo(ids, at, more = []) {
  if (at !== null) return null;
  void import('./wallet/actions.js').catch(() => {});
  return panel('What you may do', [h('es-actions', { '.data': { ids, more }, 'data-key': ids[0] })], { cls: 'may' });
}

/** States as choices. @param {string[]} states @returns {[string, string][]} */
export const statesOf = (states) => [
  ['', 'All'],
  .../** @type {[string, string][]} */ (states.map((state) => [state, plain(state)])),
];
