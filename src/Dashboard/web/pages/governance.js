// Governance: proposals with their votes, the timelock, the council, breakers and parameters; and one proposal.
// Enters: rows of the governor. Leaves: pages. Always holds: a vote is weighed in credits of stake, as the contracts
// weigh it.
import { parts } from '../charts.js';
import { h } from '../dom.js';
import { count, credits, creditsDrawn, creditsShort, middle, plain, span, textOf, whole } from '../format.js';
import { EVENT_FIELDS, empty, eventList, facts, heading, mayDo, panel, table } from '../parts.js';
import { account, chip, hash, money, thing, time } from '../words.js';
import { missing } from '../pages.js';

const VOTES = `quorumVotes forVotes againstVotes abstainVotes voters totalStake isCarried`;

/** @type {import('../pages.js').Page} */
export const governance = {
  title: () => 'Governance',
  query: `query Governance($at: BlockInput) {
    proposals(block: $at, first: 40, order: [{ createdAt: DESC }]) {
      totalCount nodes { id status proposer voteStart voteEnd eta createdAt ${VOTES} text { description } }
    }
    timelockOperations(block: $at, first: 20, order: [{ scheduledAt: DESC }]) { nodes { id status calls callsMade
      scheduledAt readyAt endedAt proposalId } }
    councilSeats(block: $at, first: 30) { nodes { seat member seatedAt } }
    councilCalls(block: $at, first: 20, order: [{ proposedAt: DESC }]) { nodes { id target approvals isExecuted
      proposedAt expiresAt } }
    breakers(block: $at, first: 40) { nodes { id name level trippedAt until graceEnd trips isReset } }
    parameters(block: $at, first: 100) { nodes { id name value changes setAt } }
  }`,
  render: (data) =>
    h(
      'div',
      null,
      heading('Governance', null, [
        h(
          'p',
          { class: 'lead' },
          'Who has stake decides; what is decided waits in the timelock, so that who disagrees can leave first.',
        ),
      ]),
      data.proposals.nodes.length === 0
        ? panel('Proposals', [empty('Nobody has proposed anything yet.')])
        : h('div', { class: 'cards' }, data.proposals.nodes.map(card)),
      h(
        'div',
        { class: 'halves' },
        h('div', { class: 'column' }, timelock(data), council(data), breakers(data)),
        parameters(data),
      ),
    ),
};

/** @param {any} row */
const card = (row) =>
  panel(
    row.text?.description ? row.text.description.slice(0, 90) : 'A proposal without words',
    [
      h('p', null, chip(row.status), ' by ', account(row.proposer), ' ', time(row.createdAt)),
      tally(row),
      h(
        'p',
        { class: 'soft' },
        'Voting ',
        h('span', null, 'began ', time(row.voteStart)),
        ', ends ',
        time(row.voteEnd),
        row.eta ? [', can be carried out ', time(row.eta)] : null,
        '.',
      ),
    ],
    { note: thing(row.id, middle(row.id.replace('proposal-', ''))) },
  );

/** @param {any} row */
function tally(row) {
  const [yes, no, abstain] = [row.forVotes, row.againstVotes, row.abstainVotes].map(creditsDrawn);
  const cast = (yes ?? 0) + (abstain ?? 0);
  return h(
    'div',
    { class: 'tally' },
    parts(
      [
        { value: yes ?? 0, tone: 'done' },
        { value: no ?? 0, tone: 'bad' },
        { value: abstain ?? 0, tone: 'off' },
      ],
      `For ${creditsShort(row.forVotes)}, against ${creditsShort(row.againstVotes)}, abstaining ${creditsShort(row.abstainVotes)} credits`,
    ),
    h(
      'p',
      null,
      h('span', null, 'for ', h('b', null, creditsShort(row.forVotes))),
      h('span', null, 'against ', h('b', null, creditsShort(row.againstVotes))),
      h('span', null, 'abstaining ', h('b', null, creditsShort(row.abstainVotes))),
      h(
        'span',
        { class: 'soft' },
        `quorum ${creditsShort(row.quorumVotes)}${cast >= creditsDrawn(row.quorumVotes) ? ', reached' : ', not reached'} · ${count(row.voters)} voters`,
      ),
    ),
  );
}

/** @param {any} data */
const timelock = (data) =>
  panel('Timelock', [
    table(
      'Operations of the timelock',
      data.timelockOperations.nodes,
      [
        { name: 'Operation', cell: (row) => thing(row.id, middle(row.id.replace('timelock-operation-', ''))) },
        { name: 'State', cell: (row) => chip(row.status) },
        { name: 'Calls', isNumber: true, cell: (row) => `${row.callsMade} of ${row.calls}` },
        { name: 'Ready', cell: (row) => time(row.readyAt) },
      ],
      'Nothing waits and nothing was carried out.',
    ),
  ]);

/** @param {any} data */
const council = (data) =>
  panel('Council', [
    h(
      'ul',
      { class: 'seats' },
      data.councilSeats.nodes.map((/** @type {any} */ row) =>
        h('li', null, h('span', { class: 'soft' }, `seat ${row.seat}`), account(row.member)),
      ),
    ),
    table(
      'Calls of the council',
      data.councilCalls.nodes,
      [
        { name: 'Call', cell: (row) => thing(row.id, middle(row.id.replace('council-call-', ''))) },
        { name: 'To', cell: (row) => account(row.target) },
        { name: 'Approvals', isNumber: true, cell: (row) => count(row.approvals) },
        { name: 'State', cell: (row) => chip(row.isExecuted ? 'EXECUTED' : 'WAITING') },
      ],
      'The council has called nothing.',
    ),
  ]);

/** @param {any} data */
const breakers = (data) =>
  panel('Breakers', [
    table(
      'Breakers',
      data.breakers.nodes,
      [
        { name: 'Stops', cell: (row) => thing(row.id, row.name || 'everything') },
        { name: 'State', cell: (row) => chip(row.isReset || row.level === 0 ? 'ENDED' : 'EXPIRED') },
        { name: 'Trips', isNumber: true, cell: (row) => count(row.trips) },
        { name: 'Until', cell: (row) => time(row.until) },
      ],
      'No breaker was ever tripped: everything runs.',
    ),
  ]);

/** @param {any} data */
const parameters = (data) =>
  panel('Parameters', [
    table(
      'Parameters',
      [...data.parameters.nodes].sort((a, b) => a.name.localeCompare(b.name)),
      [
        { name: 'Name', cell: (row) => thing(row.id, row.name) },
        { name: 'Value', isNumber: true, cell: (row) => parameter(row.name, row.value) },
        { name: 'Changes', isNumber: true, isWide: true, cell: (row) => count(Math.max(0, Number(row.changes) - 1)) },
      ],
      'No parameter is set.',
    ),
  ]);

/** Amounts are told by their size: nothing else reaches 10^15. @param {string} name @param {string} value */
function parameter(name, value) {
  const number = whole(value) ?? 0n;
  if (/rate|slash|cut|fee$|incoherent|quorumVotes|^w[PR]/i.test(name)) return `${Number(number) / 100} %`;
  if (number >= 10n ** 15n) return `${credits(value)} cr`;
  return /window|delay|period|life|length|vest|unbonding|timelock|rest|drawBy/i.test(name) && number >= 60n
    ? span(Number(number))
    : count(value);
}

/** @type {import('../pages.js').Page} */
export const proposal = {
  title: () => 'Proposal',
  query: `query Proposal($id: ID!, $at: BlockInput, $to: Long) {
    proposal(id: $id, block: $at) {
      id proposalId proposer status voteStart voteEnd quorumBps bond isBondLost eta createdAt endedAt operation ${VOTES}
      text { description } timelockOperation { id status readyAt }
      callList(first: 20) { nodes { index target value data } }
      votes(first: 100, order: [{ weight: DESC }]) { totalCount nodes { voter support weight reason castAt } }
    }
    events(stream: $id, toBlock: $to, first: 100, order: DESC) { nodes { ${EVENT_FIELDS} } }
  }`,
  variables: ({ id }) => ({ id: id.startsWith('proposal-') ? id : `proposal-${id}` }),
  render: (data, { route, at }) => {
    const { proposal: row } = data;
    if (!row) return missing('proposal', route.id);
    return h(
      'div',
      null,
      heading(['Proposal ', chip(row.status)], 'Proposal', [
        h('p', { class: 'lead' }, h('q', null, row.text?.description || 'no words'), ' by ', account(row.proposer)),
      ]),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          panel(
            'Votes',
            [
              tally(row),
              table(
                'Votes',
                row.votes.nodes,
                [
                  { name: 'Voter', cell: (vote) => account(vote.voter) },
                  {
                    name: 'Vote',
                    cell: (vote) =>
                      h(
                        'span',
                        {
                          class: `chip ${vote.support === 'FOR' ? 'done' : vote.support === 'AGAINST' ? 'bad' : 'off'}`,
                        },
                        plain(vote.support),
                      ),
                  },
                  { name: 'Weight', isNumber: true, cell: (vote) => credits(vote.weight, 0) },
                  { name: 'Reason', isWide: true, cell: (vote) => vote.reason || '–' },
                  { name: 'Cast', cell: (vote) => time(vote.castAt) },
                ],
                'Nobody has voted.',
              ),
            ],
            { note: `${count(row.votes.totalCount)} votes, in credits of stake` },
          ),
          panel('Events', [eventList(data.events.nodes, { hasStream: false })], { note: 'newest first' }),
        ),
        h(
          'div',
          { class: 'column narrow' },
          mayDo([row.id], at),
          panel('Timelock', [
            facts([
              ['Voting begins', time(row.voteStart)],
              ['Voting ends', time(row.voteEnd)],
              ['Operation', row.timelockOperation ? thing(row.timelockOperation.id) : 'not scheduled'],
              ['Can be carried out', time(row.eta)],
              ['Bond', money(row.bond)],
              ['Bond lost', row.isBondLost ? 'yes' : 'no'],
              ['Stake in all', money(row.totalStake)],
            ]),
          ]),
          panel(
            'What it calls',
            row.callList.nodes.map((/** @type {any} */ call) =>
              h(
                'p',
                null,
                account(call.target),
                ' ',
                hash(call.data),
                call.value !== '0' ? [' with ', money(call.value)] : null,
              ),
            ),
          ),
        ),
      ),
    );
  },
};

export const nameOf = textOf;
