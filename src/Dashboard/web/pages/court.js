// Disputes: the list and one case. Enters: disputes with rounds, seats, evidence and money. Leaves: a table; and a
// case as a time line with its panel, its votes and what is at stake. Always holds: a vote that is sealed is shown
// as sealed.
import { h } from '../dom.js';
import { count, credits, plain } from '../format.js';
import { EVENT_FIELDS, chooser, empty, eventList, facts, heading, mayDo, pager, panel, statesOf, table } from '../parts.js';
import { account, agent, chip, file, hash, money, named, thing, time } from '../words.js';
import { missing } from '../pages.js';

const PAGE = 50;
const PHASES = ['EVIDENCE', 'DRAW', 'VOTING', 'APPEAL', 'SETTLED'];
/** @type {Record<string, string>} */
const SUBJECTS = {
  BREACH_OF_CONSENT: 'data-lease',
  WRONG_CHECKPOINT: 'checkpoint',
  WRONG_ERA_ROOT: 'era',
  WORTHLESS_CLAIM: 'bounty-claim',
};

/** @param {any} row */
const subject = (row) => thing(`${SUBJECTS[row.kindName] ?? 'task'}-${row.subjectId}`);

/** @type {import('../pages.js').Page} */
export const disputes = {
  title: () => 'Disputes',
  query: `query Disputes($at: BlockInput, $where: DisputeFilter, $after: String) {
    disputes(block: $at, first: ${PAGE}, after: $after, where: $where, order: [{ openedAt: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id kindName subjectId phase ruling cause round bond postedByChallenger postedByRespondent challengerId
        respondentId seated openedAt settledAt }
    }
  }`,
  variables: ({ choices }) => ({
    after: choices.get('after'),
    where: choices.get('phase') ? { phase: { eq: choices.get('phase') } } : null,
  }),
  render: ({ disputes: page }, { route }) =>
    h(
      'div',
      null,
      heading('Disputes', null, [chooser('Phase', 'phase', route.choices.get('phase') ?? '', statesOf(PHASES))]),
      panel(
        'Newest first',
        [
          table(
            'Disputes',
            page.nodes,
            [
              { name: 'Case', cell: (row) => thing(row.id) },
              { name: 'Phase', cell: (row) => chip(row.phase === 'SETTLED' ? row.ruling : row.phase) },
              { name: 'About', cell: (row) => named(row.kindName) },
              { name: 'Subject', cell: (row) => subject(row) },
              {
                name: 'Challenger',
                isWide: true,
                cell: (row) => (row.challengerId ? agent(row.challengerId) : 'the client'),
              },
              { name: 'Respondent', cell: (row) => agent(row.respondentId) },
              {
                name: 'At stake',
                isNumber: true,
                cell: (row) => credits(BigInt(row.postedByChallenger) + BigInt(row.postedByRespondent)),
              },
              { name: 'Round', isNumber: true, isWide: true, cell: (row) => count(row.round) },
              { name: 'Opened', cell: (row) => time(row.openedAt) },
            ],
            'No case is in this phase here: nobody is at odds.',
          ),
          pager(page.pageInfo, page.nodes.length, page.totalCount),
        ],
        { note: 'amounts in credits' },
      ),
    ),
};

/** @type {import('../pages.js').Page} */
export const dispute = {
  title: (data) => (data.dispute ? `Dispute ${data.dispute.disputeId}` : 'No such dispute'),
  query: `query Dispute($id: ID!, $at: BlockInput, $to: Long) {
    dispute(id: $id, block: $at) {
      id disputeId kindName subjectId challengerId respondentId claimHash openedAt evidenceEnd phase round attempt
        appellant ruling outcome cause
      bond postedByChallenger postedByRespondent seatBond drawBy commitEnd revealEnd appealEnd settledAt
      terms { principal isDeterministic withdrawCut }
      rounds(first: 12) { nodes { round attempt panelSize quorum seatBond appellant commits reveals outcome ruling
        drawBy startedAt resolvedAt } }
      seats(first: 64) { nodes { round attempt seat verifierId bond commitment choice returned freedAt } }
      evidence(first: 50) { nodes { party text filedAt block } }
    }
    events(stream: $id, toBlock: $to, first: 100) { nodes { ${EVENT_FIELDS} } }
  }`,
  variables: ({ id }) => ({ id: id.startsWith('dispute-') ? id : `dispute-${id}` }),
  render: (data, { route, at }) => {
    const { dispute: row } = data;
    if (!row) return missing('dispute', route.id);
    return h(
      'div',
      null,
      heading([`Dispute ${row.disputeId} `, chip(row.phase === 'SETTLED' ? row.ruling : row.phase)], 'Case', [
        h(
          'p',
          { class: 'lead' },
          row.challengerId ? agent(row.challengerId) : ['the client ', row.terms ? account(row.terms.principal) : ''],
          ' against ',
          agent(row.respondentId),
          ' about ',
          subject(row),
          ': ',
          h('b', null, named(row.kindName)),
          '.',
        ),
      ]),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          phases(row),
          panel('Panel and votes', rounds(row)),
          panel('The case', [eventList(data.events.nodes, { hasStream: false })], { note: 'events, from the chain' }),
        ),
        h('div', { class: 'column narrow' }, mayDo([row.id], at), stakes(row), evidence(row)),
      ),
    );
  },
};

/** @param {any} row */
function phases(row) {
  const now = PHASES.indexOf(row.phase);
  /** @type {Record<string, string | null>} */
  const ends = {
    EVIDENCE: row.evidenceEnd,
    DRAW: row.drawBy,
    VOTING: row.revealEnd ?? row.commitEnd,
    APPEAL: row.appealEnd,
    SETTLED: row.settledAt,
  };
  return panel('Phase', [
    h(
      'ol',
      { class: 'phases' },
      PHASES.map((name, index) =>
        h(
          'li',
          { class: index === now ? 'lit' : index < now ? 'gone' : null, 'aria-current': index === now ? 'step' : null },
          h('b', null, plain(name)),
          h('span', null, ends[name] ? time(ends[name]) : '–'),
        ),
      ),
    ),
  ]);
}

/** @param {any} row */
function rounds(row) {
  if (row.rounds.nodes.length === 0)
    return [empty('No panel was asked: the parties ended it, or the evidence is still being filed.')];
  return row.rounds.nodes.map((/** @type {any} */ round) => {
    const seats = row.seats.nodes.filter(
      (/** @type {any} */ seat) => seat.round === round.round && seat.attempt === round.attempt,
    );
    return h(
      'div',
      { class: 'round' },
      h(
        'h3',
        null,
        `Round ${round.round}${round.attempt > 1 ? `, attempt ${round.attempt}` : ''} `,
        round.resolvedAt ? chip(round.ruling) : h('span', { class: 'chip wait' }, 'Open'),
        ' ',
        h('small', null, `${round.reveals} of ${round.panelSize} votes, quorum ${round.quorum}`),
      ),
      seats.length === 0
        ? empty('The panel is not drawn yet.')
        : h(
            'ul',
            { class: 'seats' },
            seats.map((/** @type {any} */ seat) =>
              h(
                'li',
                null,
                agent(seat.verifierId),
                seat.choice !== 'NONE'
                  ? chip(seat.choice)
                  : h('span', { class: 'chip off' }, seat.commitment ? 'Sealed' : 'No vote'),
                h('span', { class: 'soft' }, `pledged ${credits(seat.bond)}`),
              ),
            ),
          ),
    );
  });
}

/** @param {any} row */
const stakes = (row) =>
  panel('Money at stake', [
    facts([
      ['Challenger put up', money(row.postedByChallenger)],
      ['Respondent put up', money(row.postedByRespondent)],
      ['Bond of the case', money(row.bond)],
      ['Pledge of a seat', money(row.seatBond)],
      ['Ruling', plain(row.ruling)],
      ['By', plain(row.outcome)],
      ['Ended by', plain(row.cause)],
      ['Can be recomputed', row.terms?.isDeterministic ? 'yes' : 'no: judged'],
      ['Claim', hash(row.claimHash)],
      ['Opened', time(row.openedAt)],
    ]),
  ]);

/** @param {any} row */
const evidence = (row) =>
  panel(
    'Evidence',
    row.evidence.nodes.length === 0
      ? [empty('None was filed.')]
      : row.evidence.nodes.map((/** @type {any} */ one) =>
          h(
            'p',
            null,
            file(one.text),
            h('br'),
            h('span', { class: 'soft' }, account(one.party), ' ', time(one.filedAt)),
          ),
        ),
  );
