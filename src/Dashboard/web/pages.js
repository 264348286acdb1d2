// What a page is, and the one way in which all are read. Enters: a route. Leaves: data and a tree of elements. Always
// holds: a page is a function of the answer to its query alone, so that it is the same at any block of the past.
import { h } from './dom.js';
import { Fault, ask } from './graphql.js';
import { empty, heading, panel } from './parts.js';

/**
 * @typedef {import('./route.js').Route} Route
 * @typedef {{ route: Route, at: number | null }} View
 * @typedef {{
 *   title: (data: any, view: View) => string,
 *   query?: string,
 *   variables?: (route: Route) => Record<string, unknown>,
 *   load?: (route: Route, at: number | null, variables: Record<string, unknown>) => Promise<any>,
 *   render: (data: any, view: View) => HTMLElement,
 * }} Page
 */

/**
 * Each page comes when it is asked for first: the first screen stays small.
 * @type {Record<string, () => Promise<Page>>}
 */
const PAGES = {
  overview: async () => (await import('./pages/overview.js')).overview,
  tasks: async () => (await import('./pages/tasks.js')).tasks,
  task: async () => (await import('./pages/tasks.js')).task,
  agents: async () => (await import('./pages/agents.js')).agents,
  agent: async () => (await import('./pages/agents.js')).agent,
  leases: async () => (await import('./pages/ledger.js')).leases,
  disputes: async () => (await import('./pages/court.js')).disputes,
  dispute: async () => (await import('./pages/court.js')).dispute,
  governance: async () => (await import('./pages/governance.js')).governance,
  proposal: async () => (await import('./pages/governance.js')).proposal,
  guilds: async () => (await import('./pages/ledger.js')).guilds,
  workflows: async () => (await import('./pages/workflows.js')).workflows,
  workflow: async () => (await import('./pages/workflows.js')).workflow,
  channels: async () => (await import('./pages/ledger.js')).channels,
  bounties: async () => (await import('./pages/ledger.js')).bounties,
  statistics: async () => (await import('./pages/statistics.js')).statistics,
  events: async () => (await import('./pages/explore.js')).events,
  block: async () => (await import('./pages/explore.js')).block,
  account: async () => (await import('./pages/explore.js')).account,
  thing: async () => (await import('./pages/explore.js')).anything,
  violations: async () => (await import('./pages/explore.js')).violations,
  wallet: async () => (await import('./pages/wallet.js')).wallet,
  act: async () => (await import('./pages/wallet.js')).act,
  operators: async () => (await import('./pages/operators.js')).operators,
  search: async () => (await import('./pages/search.js')).search,
};

/** @type {Page} */
const nowhere = {
  title: () => 'No such page',
  load: async () => null,
  render: (_, { route }) =>
    h(
      'div',
      null,
      heading('There is no such page'),
      panel('What to do', [
        empty(
          `Nothing is called “${route.page}” here. The pages are named at the side; the search finds things by number, id, address or words.`,
        ),
      ]),
    ),
};

/** A page's module that does not come is an answer that does not come. @param {Route} route @returns {Promise<Page>} */
export async function pageOf(route) {
  if (!Object.hasOwn(PAGES, route.page)) return nowhere;
  try {
    return (await PAGES[route.page]?.()) ?? nowhere;
  } catch {
    throw new Fault('The API does not answer.', false);
  }
}

/** @param {Page} page @param {Route} route */
export function read(page, route) {
  const at = route.block;
  const variables = { at: at === null ? null : { number: at }, to: at };
  if (page.load) return page.load(route, at, variables);
  return ask(page.query ?? '', { ...variables, ...page.variables?.(route) });
}

/** @param {string} kind @param {string} id */
export const missing = (kind, id) =>
  h(
    'div',
    null,
    heading(`There is no ${kind} ${id.replace(`${kind}-`, '')} here`),
    panel('What to do', [
      empty(
        `At this block no ${kind} has this id. It may have been created later: move the slider to a later block, or go back to the present.`,
      ),
    ]),
  );
