// The wallet, and one command at a time. Enters: the address. Leaves: the elements that act. Always holds: the present
// alone can be acted upon; the past says so.
import { h } from '../dom.js';
import { empty, heading, panel } from '../parts.js';
import { href, hrefAt } from '../route.js';

/** @type {import('../pages.js').Page} */
export const wallet = {
  title: () => 'Wallet',
  load: async () => {
    await import('../wallet/purse.js');
    return null;
  },
  render: (_, { at }) =>
    h(
      'div',
      null,
      heading('Wallet', null, [
        h('p', { class: 'lead' }, 'Act in this economy: ask for work, bid, work, judge, vote.'),
      ]),
      at === null ? h('es-purse', { '.data': { at: 'now' } }) : past(),
    ),
};

/** @type {import('../pages.js').Page} */
export const act = {
  title: (data, { route }) => data?.titleOf(route.id) ?? 'Act',
  load: () => import('../wallet/act.js'),
  render: ({ titleOf }, { route, at }) => {
    const about = route.choices.get('about') ?? '';
    const kind = about.slice(0, about.search(/-(0x|\d)/));
    const back = !about
      ? href('wallet')
      : ['task', 'agent', 'dispute', 'proposal', 'workflow'].includes(kind)
        ? href(kind, about)
        : href('thing', about);
    return h(
      'div',
      null,
      heading(titleOf(route.id), about ? h('a', { href: back }, about) : h('a', { href: back }, 'Wallet')),
      at === null
        ? panel(titleOf(route.id), [
            h('es-act', {
              '.data': { command: route.id, known: knownOf(route.choices.get('known')), about, back },
              'data-key': `${route.id} ${about}`,
            }),
          ])
        : past(),
    );
  },
};

const past = () =>
  panel('The past stands', [
    empty('Nothing can be done at a block of the past.'),
    h('p', null, h('a', { href: hrefAt(null) }, 'Go to the present')),
  ]);

/** @param {string | null} text @returns {Record<string, string>} */
function knownOf(text) {
  try {
    const known = JSON.parse(text ?? '{}');
    return Object.fromEntries(Object.entries(known).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}
