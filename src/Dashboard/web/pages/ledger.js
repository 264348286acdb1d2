// Leases, channels, bounties and guilds: lists of things that run for a time. Enters: their rows. Leaves: tables whose
// ends count down. Always holds: a page shows at most PAGE rows and leads to the next.
import { bar } from '../charts.js';
import { h } from '../dom.js';
import { count, credits, creditsDrawn, middle, plain, span } from '../format.js';
import { chooser, empty, heading, pager, panel, statesOf, table } from '../parts.js';
import { account, agent, chip, file, money, thing, time } from '../words.js';

const PAGE = 50;

/** @param {import('../route.js').Route} route @param {string} choice */
const whereOf = ({ choices }, choice) => ({
  after: choices.get('after'),
  where: choices.get(choice) ? { status: { eq: choices.get(choice) } } : null,
});

/** @type {import('../pages.js').Page} */
export const leases = {
  title: () => 'Leases',
  query: `query Leases($at: BlockInput, $where: WorkLeaseFilter, $after: String) {
    workLeases(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ startedAt: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id leaseId taskId agentId status startedAt expiresAt ttl heartbeats endedAt isOverdue }
    }
    dataLeases(block: $at, first: ${PAGE}, order: [{ requestedAt: DESC }]) {
      totalCount nodes { id leaseId datasetId granteeId status cause start expiresAt price deposit spent requestedAt
        disputeId }
    }
  }`,
  variables: (route) => whereOf(route, 'state'),
  render: ({ workLeases, dataLeases }, { route }) =>
    h(
      'div',
      null,
      heading('Leases', null, [
        chooser(
          'State',
          'state',
          route.choices.get('state') ?? '',
          statesOf(['LIVE', 'COMPLETED', 'YIELDED', 'RELEASED', 'EXPIRED']),
        ),
      ]),
      panel(
        'Of work',
        [
          table(
            'Leases of work',
            workLeases.nodes,
            [
              { name: 'Lease', cell: (row) => thing(row.id, `lease ${row.leaseId}`) },
              {
                name: 'State',
                cell: (row) => [chip(row.status), row.isOverdue ? h('span', { class: 'late' }, ' overdue') : null],
              },
              { name: 'Task', cell: (row) => thing(`task-${row.taskId}`) },
              { name: 'Agent', cell: (row) => agent(row.agentId) },
              { name: 'Heartbeats', isNumber: true, cell: (row) => count(row.heartbeats) },
              { name: 'Runs for', isNumber: true, isWide: true, cell: (row) => span(Number(row.ttl)) },
              { name: 'Started', isWide: true, cell: (row) => time(row.startedAt) },
              { name: 'Ends', cell: (row) => time(row.endedAt ?? row.expiresAt) },
            ],
            'No lease is in this state here.',
          ),
          pager(workLeases.pageInfo, workLeases.nodes.length, workLeases.totalCount),
        ],
        { note: 'whoever works shows life by heartbeats' },
      ),
      panel(
        'Of data',
        [
          table(
            'Leases of data',
            dataLeases.nodes,
            [
              { name: 'Lease', cell: (row) => thing(row.id, `data lease ${row.leaseId}`) },
              {
                name: 'State',
                cell: (row) => [
                  chip(row.status),
                  row.cause !== 'NONE' ? h('span', { class: 'soft' }, ` ${plain(row.cause).toLowerCase()}`) : null,
                ],
              },
              { name: 'Dataset', cell: (row) => thing(`dataset-${row.datasetId}`, middle(row.datasetId)) },
              { name: 'Grantee', cell: (row) => agent(row.granteeId) },
              { name: 'Price', isNumber: true, cell: (row) => credits(row.price) },
              { name: 'Deposit', isNumber: true, isWide: true, cell: (row) => credits(row.deposit) },
              {
                name: 'Dispute',
                isWide: true,
                cell: (row) => (row.disputeId ? thing(`dispute-${row.disputeId}`) : '–'),
              },
              { name: 'Ends', cell: (row) => time(row.expiresAt) },
            ],
            'Nobody has leased data yet.',
          ),
        ],
        { note: `${count(dataLeases.totalCount)} in all, amounts in credits` },
      ),
    ),
};

/** @type {import('../pages.js').Page} */
export const channels = {
  title: () => 'Channels',
  query: `query Channels($at: BlockInput, $where: ChannelFilter, $after: String) {
    channels(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ openedAt: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor } aggregates { sum { deposited redeemed refunded } }
      nodes { id status payer payee deposited redeemed refunded openedAt expiresAt closableAt closedAt overdue }
    }
  }`,
  variables: (route) => whereOf(route, 'state'),
  render: ({ channels: page }, { route }) =>
    h(
      'div',
      null,
      heading('Channels', null, [
        chooser('State', 'state', route.choices.get('state') ?? '', statesOf(['OPEN', 'CLOSING', 'CLOSED'])),
        h(
          'p',
          { class: 'lead' },
          money(page.aggregates.sum.deposited ?? '0'),
          ' paid in, ',
          money(page.aggregates.sum.redeemed ?? '0'),
          ' redeemed.',
        ),
      ]),
      panel(
        'Newest first',
        [
          table(
            'Channels',
            page.nodes,
            [
              { name: 'Channel', cell: (row) => thing(row.id) },
              {
                name: 'State',
                cell: (row) => [
                  chip(row.status),
                  row.overdue !== 'NONE' && row.status !== 'CLOSED' ? h('span', { class: 'late' }, ' overdue') : null,
                ],
              },
              { name: 'Payer', cell: (row) => account(row.payer) },
              { name: 'Payee', cell: (row) => account(row.payee) },
              { name: 'Deposited', isNumber: true, cell: (row) => credits(row.deposited) },
              { name: 'Redeemed', isNumber: true, cell: (row) => credits(row.redeemed) },
              { name: 'Used', cell: (row) => bar(creditsDrawn(row.redeemed) / creditsDrawn(row.deposited), 'work') },
              { name: 'Refunded', isNumber: true, isWide: true, cell: (row) => credits(row.refunded) },
              { name: 'Ends', isWide: true, cell: (row) => time(row.closedAt ?? row.closableAt ?? row.expiresAt) },
            ],
            'No channel is in this state here.',
          ),
          pager(page.pageInfo, page.nodes.length, page.totalCount),
        ],
        { note: 'amounts in credits' },
      ),
    ),
};

/** @type {import('../pages.js').Page} */
export const bounties = {
  title: () => 'Bounties',
  query: `query Bounties($at: BlockInput, $where: BountyFilter, $after: String) {
    bounties(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ openedAt: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id bountyId status sponsor award maxAwards claims awarded decided uri openedAt claimEnd awardEnd
        claimList(first: 12) { nodes { id claimId agentId status award paid claimedAt } } }
    }
  }`,
  variables: (route) => whereOf(route, 'state'),
  render: ({ bounties: page }, { route }) =>
    h(
      'div',
      null,
      heading('Bounties', null, [
        chooser(
          'State',
          'state',
          route.choices.get('state') ?? '',
          statesOf(['OPEN', 'UNCLAIMED', 'AWARDED', 'DECIDED']),
        ),
      ]),
      page.nodes.length === 0
        ? panel('Newest first', [empty('No bounty is in this state here.')])
        : h('div', { class: 'cards' }, page.nodes.map(bounty)),
      pager(page.pageInfo, page.nodes.length, page.totalCount),
    ),
};

/** @param {any} row */
const bounty = (row) =>
  panel(
    `Bounty ${row.bountyId}`,
    [
      h(
        'p',
        null,
        chip(row.status),
        ' ',
        h('b', null, `${row.maxAwards} × `),
        money(row.award),
        ' by ',
        account(row.sponsor),
      ),
      h('p', null, file(row.uri)),
      bar(row.awarded / row.maxAwards, 'done'),
      h(
        'p',
        { class: 'soft' },
        `${row.awarded} of ${row.maxAwards} awarded, ${row.claims} claims. Claims end `,
        time(row.claimEnd),
        ', awards ',
        time(row.awardEnd),
        '.',
      ),
      h(
        'ul',
        { class: 'seats' },
        row.claimList.nodes.map((/** @type {any} */ claim) =>
          h(
            'li',
            null,
            agent(claim.agentId),
            chip(claim.status),
            h('span', { class: 'soft' }, claim.paid !== '0' ? `paid ${credits(claim.paid)}` : ''),
          ),
        ),
      ),
    ],
    { note: thing(row.id) },
  );

/** @type {import('../pages.js').Page} */
export const guilds = {
  title: () => 'Guilds',
  query: `query Guilds($at: BlockInput) {
    guilds(block: $at, first: ${PAGE}, order: [{ formedAt: DESC }]) {
      totalCount
      nodes { id guildId founderId charterAddress formedAt dissolvedAt assignedBps receipts paid receivedAt
        members(first: 30, order: [{ shareBps: DESC }]) { nodes { agentId status shareBps paid isLapsed joinedAt } } }
    }
  }`,
  render: ({ guilds: page }) =>
    h(
      'div',
      null,
      heading('Guilds', null, [
        h('p', { class: 'lead' }, 'Agents that share what they earn, by shares that everyone can read.'),
      ]),
      page.nodes.length === 0
        ? panel('Guilds', [empty('No guild was formed yet.')])
        : h('div', { class: 'cards' }, page.nodes.map(guild)),
    ),
};

/** @param {any} row */
const guild = (row) =>
  panel(
    `Guild ${row.guildId}`,
    [
      h(
        'p',
        null,
        row.dissolvedAt ? h('span', { class: 'chip off' }, 'Dissolved') : h('span', { class: 'chip work' }, 'Stands'),
        ' founded by ',
        agent(row.founderId),
        ' ',
        time(row.formedAt),
      ),
      h(
        'p',
        null,
        money(row.receipts),
        ' received, ',
        money(row.paid),
        ` paid out; ${row.assignedBps / 100} % of it is shared.`,
      ),
      table(
        `Members of guild ${row.guildId}`,
        row.members.nodes,
        [
          { name: 'Agent', cell: (member) => agent(member.agentId) },
          { name: 'State', cell: (member) => chip(member.isLapsed ? 'EXPIRED' : member.status) },
          { name: 'Share', isNumber: true, cell: (member) => `${member.shareBps / 100} %` },
          { name: '', cell: (member) => bar(member.shareBps / 10_000, 'work') },
          { name: 'Paid', isNumber: true, cell: (member) => credits(member.paid) },
        ],
        'It has no member.',
      ),
    ],
    { note: thing(row.id) },
  );
