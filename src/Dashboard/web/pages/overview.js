// The first screen. Enters: figures of the whole economy at one block. Leaves: four live numbers, charts, and the
// newest events. Always holds: every figure is the API's; what has no history in the index, the lag, is drawn from
// what this page saw since it was opened, and says so.
import { bar, sparkline } from '../charts.js';
import { h } from '../dom.js';
import { count, credits, creditsDrawn, creditsShort, many, middle, plain, span, textOf, whole } from '../format.js';
import { EVENT_FIELDS, empty, eventList, panel } from '../parts.js';
import { href } from '../route.js';
import { chip, time, tone } from '../words.js';

const NEWEST_EVENTS = 24;
const NEWEST_TASKS = 200;
const NEWEST_FINALS = 200;
const HOURS = 48;
const DRAWN_DOMAINS = 4;
const MEAN_OF = 10;
const YOUNG_HOURS = 6;
const SEEN_LAGS = 240;
const IN_FLIGHT = ['CREATED', 'BIDDING', 'MATCHED', 'RUNNING', 'VERIFYING', 'DISPUTED', 'VACANT'];
// Money that waits for an outcome: neither a wallet's, nor a free stake, nor the treasury's.
const ESCROWS = [
  'TASK',
  'BID',
  'AT_RISK',
  'DISPUTE',
  'BOUNTY',
  'CHANNEL',
  'LEASE',
  'GUILD',
  'WORKFLOW',
  'CHECKPOINT',
  'REWARD',
  'PROPOSAL',
];

/** @type {{ block: number, lag: number }[]} */
const lags = [];

/** @type {import('../pages.js').Page} */
export const overview = {
  title: () => 'Overview',
  query: `query Overview($at: BlockInput, $to: Long) {
    _meta { block { number timestamp } finalizedBlock { number } chainHead lag hasIntegrityViolations stateRoot
      reorgs deployment rebuild { percent } }
    accounts(block: $at) { aggregates { groupBy(by: [{ field: kind }]) { key { kind } count sum { balance } } } }
    tasks(block: $at) { totalCount aggregates { groupBy(by: [{ field: status }]) { key { status } count sum {
      maxPrice } } } }
    priced: tasks(block: $at, first: ${NEWEST_TASKS}, where: { status: { eq: FINALIZED } }, order: [{ createdAt:
      DESC }]) {
      nodes { domain price createdAt }
    }
    ends: events(types: ["task_created", "task_finalized"], toBlock: $to, first: ${NEWEST_FINALS * 2}, order: DESC) {
      nodes { type stream block { timestamp } }
    }
    allHourlyStatistics(block: $at, last: ${HOURS}) { nodes { start tasksCreated tasksFinalized paid } }
    checkpoints(block: $at, last: 1, where: { status: { eq: ACCEPTED } }) { nodes { id epoch stateRoot fromBlock
      toBlock settledAt } }
    events(toBlock: $to, first: ${NEWEST_EVENTS}, order: DESC) { nodes { ${EVENT_FIELDS} } }
  }`,
  render: (data, { at }) => {
    if (at === null) see(data._meta);
    return h(
      'div',
      null,
      h('h1', { class: 'unseen', tabindex: -1 }, 'Overview'),
      numbers(data, at),
      h(
        'div',
        { class: 'overview' },
        h(
          'div',
          { class: 'charts' },
          escrow(data),
          prices(data),
          finals(data),
          activity(data),
          lag(data, at),
          money(data),
        ),
        panel(
          at === null ? 'Happening now' : `What had just happened at block ${at}`,
          [
            data.events.nodes.length > 0
              ? eventList(data.events.nodes, { isLive: true })
              : empty('Nothing has happened on this chain yet.'),
          ],
          { cls: 'feed', note: h('a', { href: href('events') }, 'All events') },
        ),
      ),
    );
  },
};

/** @param {any} meta */
function see({ block, lag }) {
  if (!block || lag === null || lags.at(-1)?.block === block.number) return;
  lags.push({ block: block.number, lag });
  if (lags.length > SEEN_LAGS) lags.shift();
}

/**
 * @param {string} name @param {import('../dom.js').Children} value @param {import('../dom.js').Children} under
 * @param {Node} [drawing]
 */
const number = (name, value, under, drawing) =>
  h(
    'div',
    { class: 'figure' },
    h('dt', null, name),
    h('dd', { class: 'value' }, value),
    h('dd', { class: 'under' }, under),
    drawing ? h('dd', null, drawing) : null,
  );

/** @param {any} data @param {number | null} at */
function numbers(data, at) {
  const { _meta: meta } = data;
  const held = data.accounts.aggregates.groupBy.filter((/** @type {any} */ row) => ESCROWS.includes(row.key.kind));
  const inEscrow = held.reduce(
    (/** @type {bigint} */ sum, /** @type {any} */ row) => sum + (whole(row.sum.balance) ?? 0n),
    0n,
  );
  const flying = data.tasks.aggregates.groupBy.filter((/** @type {any} */ row) => IN_FLIGHT.includes(row.key.status));
  const inFlight = flying.reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + row.count, 0);
  const hours = data.allHourlyStatistics.nodes.length < YOUNG_HOURS ? [] : data.allHourlyStatistics.nodes;
  return h(
    'dl',
    { class: 'figures' },
    number(
      at === null ? 'Newest block' : 'Block of the past',
      count(at ?? meta.block?.number),
      at !== null
        ? h('span', null, 'the present is at ', count(meta.block?.number))
        : h(
            'span',
            null,
            'final up to ',
            h('b', null, count(meta.finalizedBlock?.number)),
            meta.block ? [' · ', time(meta.block.timestamp)] : null,
          ),
    ),
    number(
      'Credits in escrow',
      credits(inEscrow, 0),
      h('span', null, 'tasks, bids, bonds and pledges'),
      sparkline(
        hours.map((/** @type {any} */ row) => creditsDrawn(row.paid)),
        'Credits paid in each hour',
      ),
    ),
    number(
      'Tasks in flight',
      count(inFlight),
      h('span', null, 'of ', count(data.tasks.totalCount), ' in all'),
      sparkline(
        hours.map((/** @type {any} */ row) => row.tasksCreated),
        'Tasks created in each hour',
      ),
    ),
    root(data, at),
  );
}

/** @param {any} data @param {number | null} at */
function root({ _meta: meta, checkpoints }, at) {
  const [accepted] = checkpoints.nodes;
  const state = meta.hasIntegrityViolations
    ? h('a', { class: 'chip bad', href: href('violations') }, 'Violations found')
    : h('span', { class: 'chip done' }, 'No violation found');
  if (at === null) {
    void import('../proof/root.js').catch(() => {});
    return h(
      'div',
      { class: 'figure' },
      h('dt', null, 'Last verified root'),
      h('dd', null, h('es-root', { '.data': { block: meta.block?.number ?? 0 } })),
      h(
        'dd',
        { class: 'under' },
        state,
        accepted ? [' ', h('a', { href: href('thing', accepted.id) }, `epoch ${accepted.epoch} accepted`)] : null,
      ),
    );
  }
  return number(
    'State root',
    accepted ? h('code', { class: 'root', title: accepted.stateRoot }, middle(accepted.stateRoot)) : '–',
    accepted
      ? h('span', null, 'accepted for blocks up to ', count(accepted.toBlock))
      : 'No checkpoint was accepted up to here',
  );
}

/** @param {any} data */
function escrow(data) {
  const rows = IN_FLIGHT.flatMap((state) =>
    data.tasks.aggregates.groupBy.filter((/** @type {any} */ row) => row.key.status === state),
  );
  const most = Math.max(...rows.map((row) => creditsDrawn(row.sum.maxPrice)), 0);
  return panel(
    'Escrow by state',
    [
      rows.length === 0
        ? empty('No task is in flight: every escrow is paid out or refunded.')
        : h(
            'ul',
            { class: 'bars' },
            rows.map((row) =>
              h(
                'li',
                null,
                h('a', { href: href('tasks', '', { status: row.key.status }) }, chip(row.key.status)),
                bar(creditsDrawn(row.sum.maxPrice) / most, tone(row.key.status)),
                h('b', null, credits(row.sum.maxPrice, 0)),
                h('span', { class: 'soft' }, many(row.count, 'task')),
              ),
            ),
          ),
    ],
    { note: 'credits held for tasks that are not over' },
  );
}

/** Each domain as the mean of its newest prices, so that one odd task does not hide the level. @param {any} data */
function prices(data) {
  const rows = [...data.priced.nodes].reverse();
  const domains = [...new Set(rows.map((row) => row.domain))].slice(0, DRAWN_DOMAINS);
  /** @type {Map<string, number[]>} */
  const newest = new Map(domains.map((domain) => [domain, []]));
  const means = rows.map((row) => {
    const seen = newest.get(row.domain);
    if (!seen) return { domain: row.domain, mean: null };
    seen.push(creditsDrawn(row.price));
    if (seen.length > MEAN_OF) seen.shift();
    return { domain: row.domain, mean: seen.reduce((sum, price) => sum + price, 0) / seen.length };
  });
  return panel(
    'Price per domain',
    [
      h('es-chart', {
        '.data': {
          label: 'Price of finished tasks by domain, in credits',
          x: rows.map((row) => Date.parse(row.createdAt) / 1_000),
          isTime: true,
          unit: 'number',
          series: domains.map((domain) => ({
            label: textOf(domain),
            values: means.map((one) => (one.domain === domain ? one.mean : null)),
          })),
        },
      }),
    ],
    { note: `credits, mean of ${MEAN_OF}, newest ${many(rows.length, 'task')}` },
  );
}

/** @param {any} data */
function finals(data) {
  const created = new Map();
  /** @type {number[]} */
  const took = [];
  for (const { type, stream, block } of [...data.ends.nodes].reverse())
    if (type === 'task_created') created.set(stream, Date.parse(block.timestamp));
    else if (created.has(stream)) took.push((Date.parse(block.timestamp) - created.get(stream)) / 1_000);
  took.sort((a, b) => a - b);
  const quantile = (/** @type {number} */ share) =>
    took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? 0;
  const shares = Array.from({ length: 21 }, (_, index) => index * 5);
  return panel(
    'Time to final',
    [
      took.length === 0
        ? empty('No task has been finished yet.')
        : [
            h(
              'p',
              { class: 'quantiles' },
              ...[
                [0.5, 'half'],
                [0.9, '90 %'],
                [0.99, '99 %'],
              ].map(([share, name]) => h('span', null, `${name} within `, h('b', null, span(quantile(Number(share)))))),
            ),
            h('es-chart', {
              '.data': {
                label: 'Time from creation to payment, by share of tasks',
                x: shares,
                isTime: false,
                unit: 'seconds',
                xUnit: 'share',
                height: 138,
                series: [{ label: 'Time to final', values: shares.map((share) => quantile(share / 100)) }],
              },
            }),
          ],
    ].flat(),
    { note: `from created to paid, ${took.length} tasks` },
  );
}

/** Hours where there are some; in a young economy, minutes of the newest events. @param {any} data */
function activity(data) {
  const rows = data.allHourlyStatistics.nodes;
  const isYoung = rows.length < YOUNG_HOURS;
  const points = isYoung
    ? minutes(data.ends.nodes)
    : rows.map((/** @type {any} */ row) => ({
        time: Date.parse(row.start) / 1_000,
        created: row.tasksCreated,
        paid: row.tasksFinalized,
      }));
  return panel(
    `Tasks in each ${isYoung ? 'minute' : 'hour'}`,
    [
      h('es-chart', {
        '.data': {
          label: `Tasks created and paid in each ${isYoung ? 'minute' : 'hour'}`,
          x: points.map((/** @type {any} */ one) => one.time),
          isTime: true,
          unit: 'count',
          series: ['created', 'paid'].map((label) => ({
            label,
            values: points.map((/** @type {any} */ one) => one[label]),
          })),
        },
      }),
    ],
    { note: h('a', { href: href('statistics') }, 'Statistics') },
  );
}

/** The oldest minute and the present one are left out: they are not whole. @param {any[]} events */
function minutes(events) {
  /** @type {Map<number, { time: number, created: number, paid: number }>} */
  const all = new Map();
  for (const { type, block } of events) {
    const time = Math.floor(Date.parse(block.timestamp) / 60_000) * 60;
    const minute = all.get(time) ?? { time, created: 0, paid: 0 };
    if (type === 'task_created') minute.created++;
    else minute.paid++;
    all.set(time, minute);
  }
  const sorted = [...all.values()].sort((a, b) => a.time - b.time);
  return sorted.length < 4 ? sorted : sorted.slice(1, -1);
}

/** @param {any} data @param {number | null} at */
function lag({ _meta: meta }, at) {
  const [first] = lags;
  return panel(
    'Lag and reorgs',
    [
      h(
        'p',
        { class: 'quantiles' },
        h('span', null, 'behind the node by ', h('b', null, meta.lag === null ? 'unknown' : many(meta.lag, 'block'))),
        h('span', null, h('b', null, many(meta.reorgs, 'reorg')), ' followed'),
        meta.rebuild ? h('span', null, `rebuilding: ${Math.round(meta.rebuild.percent)} %`) : null,
      ),
      at !== null
        ? empty('The lag is of the present: the index keeps none of the past.')
        : h('es-chart', {
            '.data': {
              label: 'Blocks behind the node',
              x: lags.map((seen) => seen.block),
              isTime: false,
              unit: 'count',
              height: 138,
              series: [{ label: 'blocks behind', values: lags.map((seen) => seen.lag) }],
            },
          }),
    ],
    { note: first && at === null ? `seen by this page since block ${count(first.block)}` : null },
  );
}

/** @param {any} data */
function money(data) {
  const rows = data.accounts.aggregates.groupBy
    .filter((/** @type {any} */ row) => (whole(row.sum.balance) ?? 0n) > 0n && row.key.kind !== 'TREASURY')
    .sort((/** @type {any} */ a, /** @type {any} */ b) => creditsDrawn(b.sum.balance) - creditsDrawn(a.sum.balance));
  const all = data.accounts.aggregates.groupBy.reduce(
    (/** @type {number} */ sum, /** @type {any} */ row) => sum + creditsDrawn(row.sum.balance),
    0,
  );
  const most = Math.max(...rows.map((/** @type {any} */ row) => creditsDrawn(row.sum.balance)), 0);
  return panel(
    'Where the money is',
    [
      h(
        'ul',
        { class: 'bars' },
        rows
          .slice(0, 7)
          .map((/** @type {any} */ row) =>
            h(
              'li',
              null,
              h('span', null, plain(row.key.kind)),
              bar(creditsDrawn(row.sum.balance) / most),
              h('b', null, creditsShort(row.sum.balance)),
              h('span', { class: 'soft' }, many(row.count, 'account')),
            ),
          ),
      ),
    ],
    { note: `${creditsShort(BigInt(Math.round(all)) * 10n ** 18n)} credits in the Vault, its treasury's with them` },
  );
}
