// Tasks: the list and one task. Enters: tasks with bids, lease, delivery, dispute and story. Leaves: a table; and a
// story in the order of the chain, with the state machine and the deadlines. Always holds: the story is the API's list
// of events, and the payouts are those moves of it that left the escrow.
import { h } from '../dom.js';
import { count, credits, many, plain, points, span, textOf } from '../format.js';
import { machine, TASK_MACHINE } from '../machine.js';
import {
  STORY_FIELDS,
  chooser,
  empty,
  eventList,
  facts,
  heading,
  mayDo,
  pager,
  panel,
  statesOf,
  storyEvents,
  table,
} from '../parts.js';
import { href } from '../route.js';
import {
  account,
  agent,
  chip,
  endOf,
  file,
  hash,
  money,
  named,
  reason,
  task as taskLink,
  thing,
  time,
  vaultAccount,
} from '../words.js';
import { missing } from '../pages.js';

const PAGE = 50;
const STATES = ['BIDDING', 'MATCHED', 'RUNNING', 'VERIFYING', 'DISPUTED', 'VACANT', 'FINALIZED', 'CANCELLED'];
const STORY_EVENTS = 500;
const ACTED_BIDS = 4;

/** @type {import('../pages.js').Page} */
export const tasks = {
  title: () => 'Tasks',
  query: `query Tasks($at: BlockInput, $where: TaskFilter, $after: String) {
    tasks(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ createdAt: DESC }, { taskId: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id status domain mode price maxPrice client bidCount createdAt overdue agent { id } disputeId }
    }
  }`,
  variables: ({ choices }) => ({
    where: {
      ...(choices.get('status') ? { status: { eq: choices.get('status') } } : {}),
      ...(choices.get('client') ? { client: { eq: choices.get('client') } } : {}),
    },
    after: choices.get('after'),
  }),
  render: ({ tasks: page }, { route }) =>
    h(
      'div',
      null,
      heading('Tasks', null, [chooser('State', 'status', route.choices.get('status') ?? '', statesOf(STATES))]),
      panel(
        'Newest first',
        [
          table(
            'Tasks',
            page.nodes,
            [
              { name: 'Task', cell: (row) => thing(row.id) },
              {
                name: 'State',
                cell: (row) => [
                  chip(row.status),
                  row.overdue !== 'NONE' && !['FINALIZED', 'CANCELLED'].includes(row.status)
                    ? h('span', { class: 'late' }, ' overdue')
                    : null,
                ],
              },
              { name: 'Domain', cell: (row) => textOf(row.domain) },
              { name: 'Up to', isNumber: true, cell: (row) => credits(row.maxPrice) },
              { name: 'Price', isNumber: true, cell: (row) => (row.price === '0' ? '–' : credits(row.price)) },
              { name: 'Bids', isNumber: true, isWide: true, cell: (row) => count(row.bidCount) },
              { name: 'Agent', cell: (row) => (row.agent ? thing(row.agent.id) : '–') },
              { name: 'Client', isWide: true, cell: (row) => account(row.client) },
              { name: 'Found by', isWide: true, cell: (row) => plain(row.mode) },
              { name: 'Created', cell: (row) => time(row.createdAt) },
            ],
            'No task is in this state here. Choose another state, or move the slider to another block.',
          ),
          pager(page.pageInfo, page.nodes.length, page.totalCount),
        ],
        { note: 'amounts in credits' },
      ),
    ),
};

const TASK = `query Task($id: ID!, $at: BlockInput) {
  task(id: $id, block: $at) {
    id taskId status client domain mode isOptimistic maxPrice price agentBond minReputation expiresAt createdAt
      round bidCount commitEnd revealEnd
    startBy deliverBy reviewEnd challengeEnd causeName overdue disputeId workflow { id } workflowStep
    agent { id owner } namedAgent { id } winningBid { id }
    terms { specUri specHash fee maxRounds }
    submission { resultUri resultHash receiptHash submittedAt }
    dispute { id phase ruling kindName }
    bids(first: 50, order: [{ score: DESC }]) { nodes { id status price score eta placedAt agent { id } } }
    workLeases(first: 20) { nodes { id leaseId status startedAt expiresAt heartbeats endedAt agent { id } } }
    failures(first: 20) { nodes { id agentId cause round vacatedAt } }
    story(first: ${STORY_EVENTS}) { ${STORY_FIELDS} }
  }
}`;

/** @type {import('../pages.js').Page} */
export const task = {
  title: ({ task: row }) => (row ? `Task ${row.taskId}` : 'No such task'),
  query: TASK,
  variables: ({ id }) => ({ id }),
  render: (data, { route, at }) => {
    const { task: row } = data;
    if (!row) return missing('task', route.id);
    const end = endOf(row.status, row.causeName);
    const story = storyEvents(row.story);
    return h(
      'div',
      null,
      heading([`Task ${row.taskId} `, chip(row.status)], 'Task', [
        h(
          'p',
          { class: 'lead' },
          account(row.client),
          ' wants ',
          h('b', null, textOf(row.domain)),
          ' for up to ',
          money(row.maxPrice),
          row.agent
            ? ['; ', thing(row.agent.id), row.price !== '0' ? [' does it for ', money(row.price)] : null]
            : null,
          end ? `. The end: ${end}.` : '.',
        ),
      ]),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          panel('Where it stands', [
          h('div', { class: 'frame', tabindex: 0, role: 'region', 'aria-label': 'States of a task' }, machine(TASK_MACHINE, row.status)),
          deadlines(row),
        ]),
          panel('Story', [eventList(story, { hasStream: false, isProven: true })], {
            note: `${many(story.length, 'event')}, from the chain`,
          }),
        ),
        h(
          'div',
          { class: 'column narrow' },
          mayDo(partsOf(row), at, disputable(row)),
          panel('Terms', [terms(row)]),
          delivery(row),
          again(row),
          bids(row),
          payouts(story),
          leases(row),
        ),
      ),
    );
  },
};

/** The task, its open lease and its sealed bids: an account may act on each. @param {any} row */
const partsOf = (row) => [
  row.id,
  ...row.workLeases.nodes
    .filter((/** @type {any} */ lease) => !lease.endedAt)
    .map((/** @type {any} */ lease) => lease.id),
  ...(row.status === 'BIDDING' ? row.bids.nodes : [])
    .slice(0, ACTED_BIDS)
    .map((/** @type {any} */ bid) => bid.id),
];

/** @param {any} row */
const disputable = (row) =>
  row.status === 'VERIFYING' ? [{ command: 'disputes.open', known: { subjectId: String(row.taskId) } }] : [];

/** @type {Record<string, [string, string][]>} */
const DEADLINES = {
  BIDDING: [
    ['commitEnd', 'Bids are taken'],
    ['revealEnd', 'Bids are revealed'],
    ['expiresAt', 'The task may be cancelled by anyone'],
  ],
  MATCHED: [
    ['startBy', 'The winner has to start'],
    ['deliverBy', 'The work has to be delivered'],
  ],
  RUNNING: [['deliverBy', 'The work has to be delivered']],
  VERIFYING: [
    ['reviewEnd', 'Silence pays'],
    ['challengeEnd', 'Strangers may challenge'],
  ],
  VACANT: [['expiresAt', 'The task may be cancelled by anyone']],
};

/** @param {any} row */
function deadlines(row) {
  const open = (DEADLINES[row.status] ?? []).filter(([field]) => row[field]);
  if (row.status === 'DISPUTED')
    return h('p', { class: 'soft' }, 'The court holds the payment: see ', thing(row.dispute.id), '.');
  if (open.length === 0) return h('p', { class: 'soft' }, 'Nothing is awaited any more.');
  return h(
    'ul',
    { class: 'deadlines' },
    open.map(([field, text]) => h('li', null, h('span', null, text), h('b', null, time(row[field])))),
  );
}

/** @param {any} row */
const terms = (row) =>
  facts([
    ['Specification', file(row.terms?.specUri ?? '')],
    ['Its hash', hash(row.terms?.specHash)],
    ['Found by', row.namedAgent ? [plain(row.mode), ', ', thing(row.namedAgent.id)] : plain(row.mode)],
    ['Bond of the agent', money(row.agentBond)],
    ['Least reputation', row.minReputation.startsWith('-') ? 'any' : `${points(row.minReputation)} points`],
    ['Fee', row.terms ? `${row.terms.fee / 100} %` : '–'],
    ['Round', row.terms ? `${row.round} of ${row.terms.maxRounds}` : String(row.round)],
    ['Challenges by strangers', row.isOptimistic ? 'allowed' : 'no: the client alone judges'],
    ...(row.workflow
      ? [/** @type {[string, any]} */ (['Step', [`${row.workflowStep} of `, thing(row.workflow.id)]])]
      : []),
    ['Created', time(row.createdAt)],
  ]);

/** @param {any} row */
const delivery = (row) =>
  panel('Delivery', [
    row.submission
      ? facts([
          ['Result', file(row.submission.resultUri)],
          ['Its hash', hash(row.submission.resultHash)],
          ['Receipt', hash(row.submission.receiptHash)],
          ['Delivered', time(row.submission.submittedAt)],
          ...(row.dispute
            ? [
                /** @type {[string, any]} */ ([
                  'Disputed',
                  [thing(row.dispute.id), ` ${named(row.dispute.kindName)}`],
                ]),
              ]
            : []),
        ])
      : empty('Nothing is delivered yet.'),
  ]);

/** The work by its hashes, and done again in this browser. @param {any} row */
function again(row) {
  if (!row.submission || !row.terms) return null;
  void import('../run/again.js').catch(() => {});
  const { resultHash, receiptHash } = row.submission;
  return panel('Check the work', [
    h('es-run', { '.data': { specHash: row.terms.specHash, resultHash, receiptHash }, 'data-key': row.id }),
  ]);
}

/** @param {any} row */
const bids = (row) =>
  panel(
    'Bids',
    [
      table(
        'Bids',
        row.bids.nodes,
        [
          { name: 'Agent', cell: (bid) => (bid.agent ? thing(bid.agent.id) : '–') },
          {
            name: 'Price',
            isNumber: true,
            cell: (bid) => (bid.status === 'COMMITTED' ? 'sealed' : credits(bid.price)),
          },
          { name: 'State', cell: (bid) => chip(bid.status) },
        ],
        'No bid was placed.',
      ),
    ],
    { note: `${count(row.bidCount)} in all, best first` },
  );

/** What left the escrow: the moves of its own stream that it paid. @param {any[]} story */
const payouts = (story) =>
  panel('Payouts', [
    table(
      'Payouts',
      story.filter(({ type, stream, actor }) => type === 'moved' && stream.startsWith('account-0x02') && stream === actor),
      [
        { name: 'To', cell: ({ data }) => vaultAccount(data.To) },
        { name: 'For', cell: ({ data }) => reason(data.Reason) },
        { name: 'Credits', isNumber: true, cell: ({ data }) => credits(data.Amount) },
      ],
      'The escrow has paid nothing out yet.',
    ),
  ]);

/** @param {any} row */
const leases = (row) =>
  row.workLeases.nodes.length === 0 && row.failures.nodes.length === 0
    ? null
    : panel('Work', [
        table(
          'Leases',
          row.workLeases.nodes,
          [
            { name: 'Lease', cell: (lease) => thing(lease.id, `lease ${lease.leaseId}`) },
            { name: 'State', cell: (lease) => chip(lease.status) },
            { name: 'Heartbeats', isNumber: true, cell: (lease) => count(lease.heartbeats) },
            {
              name: 'Worked',
              isNumber: true,
              cell: (lease) =>
                lease.endedAt
                  ? span((Date.parse(lease.endedAt) - Date.parse(lease.startedAt)) / 1_000)
                  : time(lease.startedAt),
            },
          ],
          'Nobody has begun yet.',
        ),
        ...row.failures.nodes.map((/** @type {any} */ failure) =>
          h(
            'p',
            { class: 'soft' },
            agent(failure.agentId),
            ` left in round ${failure.round}: ${plain(failure.cause).toLowerCase()} `,
            time(failure.vacatedAt),
          ),
        ),
      ]);

export const taskOf = taskLink;
export const tasksOf = (/** @type {string} */ client) => href('tasks', '', { client });
