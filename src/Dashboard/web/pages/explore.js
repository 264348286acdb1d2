// Events, one block, an account, any thing by its id, and violations. Enters: what the reader followed. Leaves: what
// the API has of it. Always holds: a thing of any kind has a page, by its global id.
import { h } from '../dom.js';
import { clock, count, credits, middle, plain, textOf } from '../format.js';
import { EVENT_FIELDS, chooser, empty, eventList, facts, heading, mayDo, pager, panel, table } from '../parts.js';
import { href } from '../route.js';
import { account as accountLink, blockLink, chip, money, reason, thing, time, vaultAccount } from '../words.js';

const PAGE = 50;

/** @type {Record<string, string[]>} */
const KINDS = {
  tasks: [
    'task_created',
    'bidding_opened',
    'bid_placed',
    'bid_committed',
    'task_matched',
    'task_submitted',
    'task_vacated',
    'task_finalized',
    'task_cancelled',
  ],
  money: ['moved', 'credit_transfer', 'dripped'],
  court: ['dispute_opened', 'evidence', 'panel_drawn', 'vote_revealed', 'round_resolved', 'dispute_settled'],
  agents: ['registered', 'reputation_set', 'new_feedback', 'agent_status_set', 'completion_counted'],
  governance: [
    'proposal_created',
    'vote_cast',
    'vote_cast_with_params',
    'proposal_queued',
    'proposal_executed',
    'proposal_canceled',
    'param_set',
    'breaker_tripped',
  ],
};

/** @type {import('../pages.js').Page} */
export const events = {
  title: () => 'Events',
  query: `query Events($to: Long, $types: [String!], $after: String) {
    events(toBlock: $to, types: $types, first: ${PAGE}, after: $after, order: DESC) { nodes { ${EVENT_FIELDS} }
      pageInfo { hasNextPage endCursor } }
    _meta { lastPosition }
  }`,
  variables: ({ choices }) => ({ types: KINDS[choices.get('about') ?? ''] ?? null, after: choices.get('after') }),
  render: (data, { route }) =>
    h(
      'div',
      null,
      heading('Events', null, [
        chooser('About', 'about', route.choices.get('about') ?? '', [
          ['', 'All'],
          .../** @type {[string, string][]} */ (Object.keys(KINDS).map((kind) => [kind, plain(kind)])),
        ]),
      ]),
      panel(
        'Newest first',
        [
          data.events.nodes.length === 0 ? empty('No such event up to this block.') : eventList(data.events.nodes),
          pager(data.events.pageInfo, data.events.nodes.length, data._meta.lastPosition),
        ],
        { note: 'in the order of the chain' },
      ),
    ),
};

/** @type {import('../pages.js').Page} */
export const block = {
  title: (_, { route }) => `Block ${route.id}`,
  query: `query Block($number: Long) {
    events(fromBlock: $number, toBlock: $number, first: 200) { nodes { ${EVENT_FIELDS} transaction block { number
      hash timestamp } } }
    _meta { block { number } finalizedBlock { number } }
  }`,
  variables: ({ id }) => ({ number: /^\d{1,15}$/.test(id) ? Number(id) : 0 }),
  render: ({ events: page, _meta: meta }, { route }) => {
    const number = Number(route.id);
    const [first] = page.nodes;
    const state =
      number > (meta.block?.number ?? 0)
        ? 'not indexed yet'
        : number <= (meta.finalizedBlock?.number ?? 0)
          ? 'final'
          : 'not final yet';
    return h(
      'div',
      null,
      heading(`Block ${count(number)}`, 'Block', [
        h(
          'p',
          { class: 'lead' },
          `This block is ${state}. `,
          first ? [time(first.block.timestamp), ', ', clock(first.block.timestamp), '. '] : null,
          h('a', { href: `#/?block=${number}` }, 'See the whole economy at this block'),
          ' · ',
          h('a', { href: href('block', String(number - 1)) }, 'the block before'),
          ' · ',
          h('a', { href: href('block', String(number + 1)) }, 'the block after'),
        ),
      ]),
      panel(
        'What happened in it',
        [page.nodes.length === 0 ? empty('Nothing of this economy happened in this block.') : eventList(page.nodes)],
        { note: first ? h('code', { class: 'hex', title: first.block.hash }, middle(first.block.hash)) : null },
      ),
      first
        ? panel('Transactions', [
            h(
              'ul',
              null,
              [...new Set(page.nodes.map((/** @type {any} */ event) => event.transaction).filter(Boolean))].map(
                (hash) => h('li', null, h('code', { class: 'hex long' }, String(hash))),
              ),
            ),
          ])
        : null,
    );
  },
};

/** @type {import('../pages.js').Page} */
export const account = {
  title: () => 'Account',
  query: `query Account($id: ID!, $vault: ID!, $word: Bytes32!, $address: Address!, $at: BlockInput) {
    creditHolder(id: $id, block: $at) { holder balance firstSeenAt lastMovedAt
      agents(first: 20) { totalCount nodes { id status } } tasks(first: 10, order: [{ createdAt: DESC }]) {
        totalCount nodes { id status domain maxPrice createdAt } }
      clientHistory { settled completions } }
    account(id: $vault, block: $at) { balance moves }
    voter(id: $id, block: $at) { votes }
    transfers(block: $at, first: 30, where: { or: [{ fromAccount: { eq: $word } }, { toAccount: { eq: $word } }] },
      order: [{ movedAt: DESC }]) {
      nodes { id fromAccount toAccount amount reason block movedAt }
    }
    allowances(block: $at, first: 10, where: { owner: { eq: $address } }) { nodes { spender value } }
  }`,
  variables: ({ id }) => {
    const address = /^0x[0-9a-f]{40}$/i.test(id) ? id.toLowerCase() : `0x${'0'.repeat(40)}`;
    const word = `0x01${'0'.repeat(22)}${address.slice(2)}`;
    return { id: address, address, word, vault: word };
  },
  render: (data, { route }) => {
    const { creditHolder: row } = data;
    return h(
      'div',
      null,
      heading(h('code', { class: 'hex long' }, route.id), 'Account', [
        h(
          'p',
          { class: 'lead' },
          row ? ['It holds ', money(row.balance), ' as tokens and '] : 'It never held tokens; it has ',
          money(data.account?.balance ?? '0'),
          ' in the Vault.',
        ),
      ]),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          panel(
            'Money',
            [
              table(
                'Transfers',
                data.transfers.nodes,
                [
                  { name: 'From', cell: (one) => vaultAccount(one.fromAccount) },
                  { name: 'To', cell: (one) => vaultAccount(one.toAccount) },
                  { name: 'For', isWide: true, cell: (one) => reason(one.reason) },
                  { name: 'Credits', isNumber: true, cell: (one) => credits(one.amount) },
                  { name: 'When', cell: (one) => [time(one.movedAt), ' ', blockLink(one.block)] },
                ],
                'No money moved through the wallet of this account.',
              ),
            ],
            { note: 'in the Vault, newest first' },
          ),
          panel(
            'Tasks ordered',
            [
              table(
                'Tasks',
                row?.tasks.nodes ?? [],
                [
                  { name: 'Task', cell: (one) => thing(one.id) },
                  { name: 'State', cell: (one) => chip(one.status) },
                  { name: 'Domain', cell: (one) => textOf(one.domain) },
                  { name: 'Up to', isNumber: true, cell: (one) => credits(one.maxPrice) },
                  { name: 'Created', cell: (one) => time(one.createdAt) },
                ],
                'It has ordered no task.',
              ),
            ],
            {
              note: row
                ? h('a', { href: href('tasks', '', { client: row.holder }) }, `all ${row.tasks.totalCount}`)
                : null,
            },
          ),
        ),
        h(
          'div',
          { class: 'column narrow' },
          panel(
            'Agents',
            row && row.agents.nodes.length > 0
              ? [
                  h(
                    'ul',
                    { class: 'seats' },
                    row.agents.nodes.map((/** @type {any} */ one) => h('li', null, thing(one.id), chip(one.status))),
                  ),
                ]
              : [empty('It owns no agent.')],
          ),
          panel('Figures', [
            facts([
              ['Votes', money(data.voter?.votes ?? '0')],
              ['Settled as client', money(row?.clientHistory?.settled ?? '0')],
              ['Finished tasks', count(row?.clientHistory?.completions ?? 0)],
              ['First seen', time(row?.firstSeenAt)],
              ...data.allowances.nodes.map((/** @type {any} */ one) => [
                'May spend',
                [accountLink(one.spender), ' ', money(one.value)],
              ]),
            ]),
          ]),
        ),
      ),
    );
  },
};

/** @type {import('../pages.js').Page} */
export const anything = {
  title: (_, { route }) => route.id,
  query: `query Thing($id: ID!, $at: BlockInput, $to: Long) {
    node(id: $id, block: $at) { __typename id }
    stream(id: $id) { kind version createdAt updatedAt state }
    events(stream: $id, toBlock: $to, first: 100, order: DESC) { nodes { ${EVENT_FIELDS} } }
  }`,
  variables: ({ id }) => ({ id }),
  render: ({ node, stream, events: page }, { route, at }) =>
    h(
      'div',
      null,
      heading(
        h('span', { class: 'long' }, route.id),
        node ? plain(node.__typename.replace(/([a-z])([A-Z])/g, '$1 $2')) : 'Thing',
        [
          !node && !stream
            ? h(
                'p',
                { class: 'lead' },
                'There is no such thing at this block. Look at the id, or move the slider to a later block.',
              )
            : null,
        ],
      ),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          panel(
            'Events',
            [
              page.nodes.length > 0
                ? eventList(page.nodes, { hasStream: false })
                : empty('It has no events of its own: its row follows from the events of other things.'),
            ],
            { note: stream ? `${count(stream.version)} in all, newest first` : null },
          ),
        ),
        h(
          'div',
          { class: 'column narrow' },
          mayDo([route.id], at),
          panel(
            'State',
            [
              stream?.state
                ? facts(
                    Object.entries(stream.state).map(([name, value]) => [
                      plain(name.replace(/([a-z])([A-Z])/g, '$1_$2')),
                      stateValue(value),
                    ]),
                  )
                : empty('The API keeps no state for it.'),
            ],
            { note: at !== null ? 'of the present, not of the block above' : 'as the indexer folded it' },
          ),
        ),
      ),
    ),
};

/** @param {unknown} value */
function stateValue(value) {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (/^0x[0-9a-f]{40}$/.test(text)) return accountLink(text);
  return h('code', { class: 'hex', title: text }, text.length > 40 ? middle(text) : text);
}

/** @type {import('../pages.js').Page} */
export const violations = {
  title: () => 'Violations',
  query:
    'query Violations($at: BlockInput) { violations(block: $at, first: 50) { totalCount nodes { id subject found reason block happenedAt } } }',
  render: ({ violations: page }) =>
    h(
      'div',
      null,
      heading('Violations', null, [
        h('p', { class: 'lead' }, 'What the indexer found on the chain that the contracts rule out.'),
      ]),
      panel('Found', [
        table(
          'Violations',
          page.nodes,
          [
            { name: 'Subject', cell: (row) => thing(row.subject) },
            { name: 'Found', cell: (row) => row.found },
            { name: 'Why it cannot be', cell: (row) => row.reason },
            { name: 'Where', cell: (row) => blockLink(row.block) },
            { name: 'When', cell: (row) => time(row.happenedAt) },
          ],
          'None: every event is one that the contracts allow.',
        ),
      ]),
    ),
};
