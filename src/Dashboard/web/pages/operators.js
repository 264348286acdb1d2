// The operators' page: how this process is. Enters: /status, /metrics, and the progress of the index. Leaves: roles,
// lag, reorgs, queues, dead letters, the relayer and its accounts, limits that were hit. Always holds: it only shows;
// what changes something is a command of the operator's own shell, which the page names, because this page is
// everybody's.
import { h } from '../dom.js';
import { count, credits, many, plain, span } from '../format.js';
import { Fault, ask } from '../graphql.js';
import { empty, facts, heading, panel, table } from '../parts.js';
import { account, blockLink, time } from '../words.js';

const REQUEST_MS = 10_000;
const ETHER = 6;
const META =
  '{ _meta { block { number timestamp } finalizedBlock { number } chainHead lag reorgs hasIntegrityViolations rebuild { percent } } }';

/** @param {string} path */
async function fetched(path) {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(REQUEST_MS) });
    return answer.ok ? await answer.text() : '';
  } catch {
    throw new Fault('The host does not answer.', false);
  }
}

/** @type {import('../pages.js').Page} */
export const operators = {
  title: () => 'Operators',
  load: async () => {
    const [status, metrics, { _meta: meta }] = await Promise.all([fetched('/status'), fetched('/metrics'), ask(META)]);
    return { status: JSON.parse(status || '{}'), figures: figuresOf(metrics), meta };
  },
  render: ({ status, figures, meta }) => {
    const { workers } = status;
    return h(
      'div',
      null,
      heading('Operators', null, [
        h(
          'p',
          { class: 'lead' },
          'How this process is. It shows and changes nothing: what changes something is named as a command for your shell.',
        ),
      ]),
      h(
        'div',
        { class: 'halves' },
        ready(status),
        index(status, meta),
        queues(workers),
        relayer(workers?.relayer),
        limits(figures),
        elsewhere(),
      ),
    );
  },
};

/** The sums of the host's own figures, by name. @param {string} text */
function figuresOf(text) {
  /** @type {Map<string, number>} */
  const figures = new Map();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(eventsourced_\w+)(?:\{[^}]*\})? (\S+)/.exec(line) ?? [];
    if (name && value) figures.set(name, (figures.get(name) ?? 0) + Number(value));
  }
  return figures;
}

/** @param {boolean | undefined} isGood */
const sign = (isGood) =>
  isGood === undefined
    ? h('span', { class: 'chip off' }, 'Not here')
    : h('span', { class: `chip ${isGood ? 'done' : 'bad'}` }, isGood ? 'Ready' : 'Not ready');

/** @param {any} status */
const ready = (status) =>
  panel('Roles of this process', [
    facts([
      ['Serving', sign(status.ready)],
      ['Indexer', status.phase ? [sign(status.phase === 'Live'), ` ${plain(status.phase)}`] : sign(undefined)],
      ['Workers', sign(status.workers?.ready)],
      [
        'Relayer',
        status.workers?.relayer
          ? [
              sign(status.workers.relayer.alarms.length === 0),
              status.workers.relayer.leads ? ' leads' : ' waits: another one leads',
            ]
          : sign(undefined),
      ],
    ]),
    ...[...(status.reasons ?? []), ...(status.workers?.reasons ?? [])].map((why) => h('p', { class: 'wrong' }, why)),
    status.fault ? h('p', { class: 'wrong' }, status.fault) : null,
  ]);

/** @param {any} status @param {any} meta */
const index = (status, meta) =>
  panel('Index', [
    facts([
      ['Newest block', meta.block ? [blockLink(meta.block.number), ' ', time(meta.block.timestamp)] : 'none'],
      ['Final up to', meta.finalizedBlock ? blockLink(meta.finalizedBlock.number) : 'none'],
      ['Behind the node', meta.lag === null ? 'unknown here' : many(meta.lag, 'block')],
      ['Reorgs followed', count(meta.reorgs)],
      ['Events', count(status.events)],
      [
        'Last write took',
        status.lastWriteSeconds === undefined ? '–' : `${Math.round(status.lastWriteSeconds * 1_000)} ms`,
      ],
      ['Indexes', status.indexing ? 'being made: lists take longer' : 'made'],
      ['Rebuild', meta.rebuild ? `${Math.round(meta.rebuild.percent)} %` : 'none runs'],
      [
        'Violations',
        meta.hasIntegrityViolations ? h('a', { href: '#/violations', class: 'chip bad' }, 'Found') : 'none',
      ],
      [
        'Keys of the audit log',
        status.logKeys?.length
          ? h('code', { class: 'long' }, status.logKeys.join('\n'))
          : 'none: the log is not signed',
      ],
    ]),
  ]);

/** @param {any} workers */
const queues = (workers) =>
  panel('Queues', [
    workers
      ? facts([
          ['Wait or are in work', count(workers.incoming)],
          ['Due later', count(workers.scheduled)],
          ['On their way out', count(workers.outgoing)],
          [
            'Given up (dead letters)',
            workers.deadLetters > 0 ? h('span', { class: 'chip bad' }, count(workers.deadLetters)) : '0',
          ],
          ['Nodes', `${count(workers.nodes)}, this is number ${workers.node ?? '–'}`],
          [
            'Last beat',
            workers.beat
              ? `number ${count(workers.beat.number)}, ${Math.round(workers.beat.latenessSeconds * 1_000)} ms late`
              : 'none yet',
          ],
        ])
      : empty('This process has no role workers: look at the one that has.'),
    h(
      'p',
      { class: 'soft' },
      'Requeue what was given up: ',
      h('code', null, './es dead list'),
      ' shows and requeues them; it needs the database, and this page is everybody’s.',
    ),
  ]);

/** @param {any} relayer */
const relayer = (relayer) =>
  panel(
    'Relayer',
    [
      relayer
        ? [
            ...relayer.alarms.map((/** @type {string} */ alarm) => h('p', { class: 'wrong' }, alarm)),
            h(
              'p',
              null,
              relayer.gaps > 0
                ? h('span', { class: 'chip bad' }, many(relayer.gaps, 'missing nonce'))
                : 'No nonce is missing.',
            ),
            table(
              'Accounts of the relayer',
              relayer.accounts,
              [
                { name: 'Account', cell: (row) => account(row.address) },
                { name: 'Ether', isNumber: true, cell: (row) => credits(row.balanceWei, ETHER) },
                {
                  name: '',
                  cell: (row) =>
                    row.isLow
                      ? h('span', { class: 'chip bad' }, 'Low: send ether')
                      : h('span', { class: 'chip done' }, 'Enough'),
                },
              ],
              'It has no account: it brings nothing to the chain.',
            ),
            table(
              'Commands that wait',
              Object.entries(relayer.commands),
              [
                { name: 'Commands', cell: ([phase]) => plain(phase) },
                { name: 'How many', isNumber: true, cell: ([, number]) => count(number) },
                {
                  name: 'Oldest',
                  isNumber: true,
                  cell: ([phase]) =>
                    relayer.oldestSeconds[phase] === undefined ? '–' : span(relayer.oldestSeconds[phase]),
                },
              ],
              'No command waits.',
            ),
          ]
        : empty('This process relays nothing.'),
    ].flat(),
  );

/** @param {Map<string, number>} figures */
const limits = (figures) =>
  panel(
    'Limits and faults',
    [
      facts([
        ['Questions answered', count(figures.get('eventsourced_api_requests_total') ?? 0)],
        ['Met a limit', count(figures.get('eventsourced_api_limited_total') ?? 0)],
        ['Were refused', count(figures.get('eventsourced_api_refused_total') ?? 0)],
        ['Ended in a fault of ours', count(figures.get('eventsourced_api_failed_total') ?? 0)],
        ['Open subscriptions', count(figures.get('eventsourced_api_subscriptions') ?? 0)],
      ]),
    ],
    { note: 'since this process began' },
  );

const elsewhere = () =>
  panel('Elsewhere', [
    h(
      'p',
      null,
      h('a', { href: '/status' }, '/status'),
      ', ',
      h('a', { href: '/readyz' }, '/readyz'),
      ' and ',
      h('a', { href: '/metrics' }, '/metrics'),
      ' say the same to programs.',
    ),
    h('p', { class: 'soft' }, 'Alerts for Prometheus stand in ops/prometheus, a dashboard for Grafana in ops/grafana.'),
  ]);
