// Agents: who stands highest in a domain, and one agent. Enters: reputations, work, stakes and ratings. Leaves: a
// table whose order the API made, and a profile. Always holds: the rosette's petals are measured against the page's
// best.
import { rosette } from '../charts.js';
import { h } from '../dom.js';
import { count, credits, creditsDrawn, creditsShort, many, plain, points, textOf, whole } from '../format.js';
import { EVENT_FIELDS, chooser, empty, eventList, facts, heading, mayDo, pager, panel, table } from '../parts.js';
import { account, chip, file, money, named, thing, time } from '../words.js';
import { missing } from '../pages.js';

const PAGE = 40;
const CURVE = 200;

// What counts strikes is no standing to be proud of, and fades by a clock of its own.
const STRIKES = `0x${'737472696b65'.padEnd(64, '0')}`;

const MEASURES = `stake completions { aggregates { sum { count } } } defences(where: { ruling: { eq: UPHELD } }) { totalCount }
  feedbackClients { totalCount } earnings { aggregates { sum { earned } } }`;

/** @type {import('../pages.js').Page} */
export const agents = {
  title: () => 'Agents',
  query: `query Agents($at: BlockInput, $where: ReputationFilter, $after: String) {
    domains: reputations(block: $at, where: { domain: { neq: "${STRIKES}" } }) {
      aggregates { groupBy(by: [{ field: domain }], first: 12) { key { domain }
      count } } }
    reputations(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ accumulator: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id agentId domain currentScore lastActiveAt agent { id status owner card { name } ${MEASURES} } }
    }
  }`,
  variables: ({ choices }) => ({
    after: choices.get('after'),
    where: { domain: choices.get('domain') ? { eq: choices.get('domain') } : { neq: STRIKES } },
  }),
  render: (data, { route }) => {
    const rows = data.reputations.nodes.map((/** @type {any} */ row, /** @type {number} */ index) => ({
      ...row,
      rank: index + 1,
      measures: measuresOf(row.agent),
    }));
    const best = bestOf(rows.map((/** @type {any} */ row) => row.measures));
    const isFirst = !route.choices.get('after');
    return h(
      'div',
      null,
      heading('Agents', null, [
        chooser('Domain', 'domain', route.choices.get('domain') ?? '', [
          ['', 'All domains'],
          ...data.domains.aggregates.groupBy.map((/** @type {any} */ row) => [row.key.domain, textOf(row.key.domain)]),
        ]),
      ]),
      panel(
        'By reputation',
        [
          table(
            'Agents by reputation',
            rows,
            [
              { name: 'Rank', isNumber: true, cell: (row) => (isFirst ? String(row.rank) : '') },
              { name: 'Trust', cell: (row) => rosette(petals(row.measures, best)) },
              {
                name: 'Agent',
                cell: (row) => [
                  thing(`agent-${row.agentId}`),
                  row.agent?.card ? h('span', { class: 'soft' }, ` ${row.agent.card.name}`) : null,
                  row.agent && row.agent.status !== 'ACTIVE' ? [' ', chip(row.agent.status)] : null,
                ],
              },
              { name: 'Domain', cell: (row) => textOf(row.domain) },
              { name: 'Points', isNumber: true, cell: (row) => h('b', null, points(row.currentScore)) },
              { name: 'Stake', isNumber: true, cell: (row) => creditsShort(row.measures.stake) },
              { name: 'Finished', isNumber: true, cell: (row) => count(row.measures.settled) },
              { name: 'Disputes lost', isNumber: true, isWide: true, cell: (row) => count(row.measures.lost) },
              { name: 'Raters', isNumber: true, isWide: true, cell: (row) => count(row.measures.raters) },
              { name: 'Last active', isWide: true, cell: (row) => time(row.lastActiveAt) },
            ],
            'No agent has a reputation here yet: it is earned with the first finished task.',
          ),
          legend(),
          pager(data.reputations.pageInfo, rows.length, data.reputations.totalCount),
        ],
        { note: 'one row for each agent and domain; stake in credits' },
      ),
    );
  },
};

/** @typedef {{ stake: string, settled: number, lost: number, raters: number }} Measures */

/** @param {any} agent @returns {Measures} */
const measuresOf = (agent) => ({
  stake: agent?.stake ?? '0',
  settled: Number(agent?.completions.aggregates.sum.count ?? 0),
  lost: agent?.defences.totalCount ?? 0,
  raters: agent?.feedbackClients.totalCount ?? 0,
});

/** @param {Measures[]} all */
const bestOf = (all) => ({
  stake: Math.max(1, ...all.map(({ stake }) => creditsDrawn(stake))),
  settled: Math.max(1, ...all.map(({ settled }) => settled)),
  raters: Math.max(1, ...all.map(({ raters }) => raters)),
});

/**
 * Roots, so that a small share is seen. @param {Measures} measures
 * @param {{ stake: number, settled: number, raters: number }} best
 */
const petals = ({ stake, settled, lost, raters }, best) => [
  { name: 'stake', share: Math.sqrt(creditsDrawn(stake) / best.stake), says: `${creditsShort(stake)} credits` },
  { name: 'finished work', share: Math.sqrt(settled / best.settled), says: `${settled}` },
  { name: 'disputes lost', share: 1 / (1 + lost), says: `${lost}` },
  { name: 'independent raters', share: Math.sqrt(raters / best.raters), says: `${raters}` },
];

const legend = () =>
  h(
    'p',
    { class: 'petals' },
    ...['stake', 'finished work', 'no disputes lost', 'independent raters'].map((name, index) =>
      h('span', null, h('i', { class: `petal p${index + 1}` }), name),
    ),
  );

/** @type {import('../pages.js').Page} */
export const agent = {
  title: (data) => (data.agent ? `Agent ${data.agent.agentId}` : 'No such agent'),
  query: `query Agent($id: ID!, $to: Long, $at: BlockInput) {
    agent(id: $id, block: $at) {
      id agentId owner status uri card { name description skills } score income
      wallet locks transfers registeredAt ${MEASURES}
      ownerHolder { holder } verifier { isMember weight openSeats }
      metadata(first: 20) { nodes { metadataKey value } }
      reputations(first: 12, order: [{ accumulator: DESC }]) { nodes { domain currentScore
        completed notStarted lapsed missed
        upheld split changedAt earning { earned } } }
      tasks(first: 10, order: [{ createdAt: DESC }]) { totalCount nodes { id status domain price createdAt } }
      challenges(first: 10) { nodes { id kindName phase ruling openedAt } } defences2: defences(first: 10) { nodes { id
        kindName phase ruling openedAt } }
      feedbacks(first: 10, order: [{ givenAt: DESC }]) { nodes { id client value valueDecimals tag1 tag2 isRevoked
        givenAt } }
      guildMemberships(first: 10) { nodes { guildId status shareBps } }
    }
    stream(id: $id) { version }
    events(stream: $id, toBlock: $to, first: 20, order: DESC) { nodes { ${EVENT_FIELDS} } }
    curve: events(types: ["reputation_set"], toBlock: $to, first: ${CURVE}, order: DESC) { nodes { data stream block
      { timestamp } } }
  }`,
  variables: ({ id }) => {
    const number = /^(agent-)?\d{1,30}$/.test(id) ? id.replace('agent-', '') : '0';
    return { id: `agent-${number}` };
  },
  render: (data, { route, at }) => {
    const { agent: row } = data;
    if (!row) return missing('agent', route.id);
    const measures = measuresOf(row);
    return h(
      'div',
      null,
      heading([`Agent ${row.agentId} `, row.card ? `${row.card.name} ` : null, chip(row.status)], 'Agent', [
        h('p', { class: 'lead' }, 'Owned by ', account(row.owner), ', registered ', time(row.registeredAt), '.'),
      ]),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          reputation(row, data.curve.nodes),
          work(row),
          quarrels(row),
          panel(
            'Events',
            [
              data.events.nodes.length > 0
                ? eventList(data.events.nodes, { hasStream: false })
                : empty('No event at this block.'),
            ],
            { note: 'of the agent itself, newest first' },
          ),
        ),
        h('div', { class: 'column narrow' }, mayDo([row.id, `verifier-${row.agentId}`], at), trust(row, measures), card(row), ratings(row)),
      ),
    );
  },
};

/** @param {any} row @param {Measures} measures */
const trust = (row, measures) =>
  panel('Trust', [
    rosette(
      petals(measures, {
        stake: Math.max(1_000, creditsDrawn(measures.stake)),
        settled: Math.max(10, measures.settled),
        raters: Math.max(5, measures.raters),
      }),
      true,
    ),
    facts([
      ['Free stake', money(measures.stake)],
      ['Score', row.score === null ? '–' : `${points(row.score)} points`],
      ['Paid for its work', money(row.income)],
      ['Finished work', count(measures.settled)],
      ['Disputes lost', count(measures.lost)],
      ['Independent raters', count(measures.raters)],
      ['Points earned', points(row.earnings.aggregates.sum.earned)],
      ['Verifier', row.verifier?.isMember ? `yes, ${count(row.verifier.openSeats)} open seats` : 'no'],
      ['Locks', count(row.locks)],
    ]),
  ]);

/** What an owner wrote of its agent: an address, words, or bytes. @param {string} value */
function known(value) {
  if (/^0x[0-9a-f]{40}$/.test(value)) return account(value);
  return h('code', { class: 'hex long', title: value }, textOf(value).slice(0, 200));
}

/** @param {any} row */
const card = (row) =>
  panel('Card', [
    row.card?.description ? h('p', null, row.card.description) : null,
    facts([
      ...(row.card ? [/** @type {[string, any]} */ (['Name', row.card.name])] : []),
      ...(row.card?.skills.length ? [/** @type {[string, any]} */ (['Skills', row.card.skills.join(', ')])] : []),
      ['Card at', file(row.uri)],
      ['Wallet', row.wallet ? account(row.wallet) : 'none'],
      ['Changed hands', count(row.transfers)],
      ...row.metadata.nodes.map((/** @type {any} */ { metadataKey, value }) => [metadataKey, known(value)]),
      ...row.guildMemberships.nodes.map((/** @type {any} */ member) => [
        'Guild',
        [thing(`guild-${member.guildId}`), ` ${plain(member.status).toLowerCase()}, ${member.shareBps / 100} %`],
      ]),
    ]),
  ]);

/** @param {any} row @param {any[]} changes */
function reputation(row, changes) {
  const mine = changes.filter(({ stream }) => stream.startsWith(`reputation-${row.agentId}-`)).reverse();
  const domains = [...new Set(mine.map(({ data }) => data.Domain))];
  return panel(
    'Reputation',
    [
      mine.length > 1
        ? h('es-chart', {
            '.data': {
              label: 'Points after each change',
              isTime: true,
              unit: 'number',
              x: mine.map(({ block }) => Date.parse(block.timestamp) / 1_000),
              series: domains.map((domain) => ({
                label: textOf(domain),
                values: mine.map(({ data }) => (data.Domain === domain ? Number(whole(data.Score) ?? 0n) / 1e6 : null)),
              })),
            },
          })
        : null,
      table(
        'Reputation by domain',
        row.reputations.nodes,
        [
          { name: 'Domain', cell: (one) => textOf(one.domain) },
          { name: 'Points', isNumber: true, cell: (one) => h('b', null, points(one.currentScore)) },
          { name: 'Finished', isNumber: true, cell: (one) => count(one.completed) },
          {
            name: 'Missed',
            isNumber: true,
            cell: (one) => count(Number(one.notStarted) + Number(one.lapsed) + Number(one.missed)),
          },
          { name: 'Lost in court', isNumber: true, cell: (one) => count(one.upheld) },
          { name: 'Changed', isWide: true, cell: (one) => time(one.changedAt) },
        ],
        'No reputation yet: the first finished task earns it.',
      ),
    ],
    { note: `the curve shows the newest ${CURVE} changes of all agents at most` },
  );
}

/** @param {any} row */
const work = (row) =>
  panel(
    'Work',
    [
      table(
        'Work',
        row.tasks.nodes,
        [
          { name: 'Task', cell: (one) => thing(one.id) },
          { name: 'State', cell: (one) => chip(one.status) },
          { name: 'Domain', cell: (one) => textOf(one.domain) },
          { name: 'Price', isNumber: true, cell: (one) => credits(one.price) },
          { name: 'Created', cell: (one) => time(one.createdAt) },
        ],
        'It has won no task yet.',
      ),
    ],
    { note: `${many(row.tasks.totalCount, 'task')} won` },
  );

/** @param {any} row */
const quarrels = (row) =>
  panel('In court', [
    table(
      'Disputes',
      [
        ...row.challenges.nodes.map((/** @type {any} */ one) => ({ ...one, side: 'challenger' })),
        ...row.defences2.nodes.map((/** @type {any} */ one) => ({ ...one, side: 'respondent' })),
      ],
      [
        { name: 'Dispute', cell: (one) => thing(one.id) },
        { name: 'As', cell: (one) => one.side },
        { name: 'About', cell: (one) => named(one.kindName) },
        { name: 'Ruling', cell: (one) => chip(one.phase === 'SETTLED' ? one.ruling : one.phase) },
        { name: 'Opened', cell: (one) => time(one.openedAt) },
      ],
      'It was never in court.',
    ),
  ]);

/** @param {any} row */
const ratings = (row) =>
  panel('Ratings', [
    table(
      'Ratings',
      row.feedbacks.nodes,
      [
        { name: 'By', cell: (one) => account(one.client) },
        {
          name: 'Value',
          isNumber: true,
          cell: (one) => [String(Number(one.value) / 10 ** one.valueDecimals), one.isRevoked ? ' (taken back)' : ''],
        },
        { name: 'For', cell: (one) => [one.tag1, one.tag2].filter(Boolean).join(', ') },
      ],
      'Nobody has rated it yet.',
    ),
  ]);
