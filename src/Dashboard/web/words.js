// The words of the economy. Enters: codes, types of events and their data. Leaves: plain English with links. Always
// holds: a type that is not known here is still told, by its name and its subject.
import { h } from './dom.js';
import { credits, instant, middle, plain, points, shortId, textOf, whole } from './format.js';
import { href } from './route.js';

/** @typedef {import('./dom.js').Children} Children */

const PAGES_OF_KINDS = new Map([
  ['task', 'task'],
  ['agent', 'agent'],
  ['dispute', 'dispute'],
  ['proposal', 'proposal'],
  ['workflow', 'workflow'],
  ['credit-holder', 'account'],
]);

/** A link to any thing by its global id. @param {string} id @param {Children} [text] */
export function thing(id, text) {
  const at = id.search(/-(0x|\d)/);
  const kind = id.slice(0, at);
  const page = PAGES_OF_KINDS.get(kind);
  const target = page === 'account' ? href(page, id.slice(at + 1)) : page ? href(page, id) : href('thing', id);
  return h('a', { href: target, class: 'id', title: id }, text ?? shortId(id));
}

/** @param {unknown} number */
export const task = (number) => (isNone(number) ? 'no task' : thing(`task-${number}`));

/** @param {unknown} number */
export const agent = (number) => (isNone(number) ? 'nobody' : thing(`agent-${number}`));

/** @param {unknown} address */
export const account = (address) =>
  h('a', { href: href('account', String(address)), class: 'id hex', title: String(address) }, middle(String(address)));

/** @param {unknown} number */
export const blockLink = (number) => h('a', { href: href('block', String(number)), class: 'id' }, `block ${number}`);

/** @param {unknown} number */
const isNone = (number) => number === null || number === undefined || String(number) === '0';

/** @param {unknown} wei */
export const money = (wei) =>
  h('span', { class: 'money', title: `${whole(wei) ?? wei} base units` }, credits(wei), h('small', null, ' cr'));

/** @param {string | null | undefined} at */
export const time = (at) => (at ? h('es-time', { at }) : h('span', { class: 'soft' }, '–'));

/** Hashes: short, whole in the title. @param {string | null | undefined} text */
export const hash = (text) =>
  text ? h('code', { class: 'hex', title: text }, middle(text)) : h('span', { class: 'soft' }, '–');

/** An address of a file: followed only where the browser can. @param {string} uri */
export function file(uri) {
  if (!uri) return h('span', { class: 'soft' }, 'none');
  return /^https:\/\//.test(uri)
    ? h('a', { href: uri, rel: 'noopener noreferrer', target: '_blank' }, uri)
    : h('code', null, uri);
}

/** @type {Record<string, string>} */
const TONES = {
  CREATED: 'new',
  BIDDING: 'new',
  OPEN: 'new',
  REQUESTED: 'new',
  PENDING: 'new',
  POSTED: 'new',
  EVIDENCE: 'wait',
  MATCHED: 'work',
  RUNNING: 'work',
  LIVE: 'work',
  ACTIVE: 'work',
  STANDING: 'work',
  FUNDED: 'work',
  MEMBER: 'work',
  DRAW: 'wait',
  VERIFYING: 'wait',
  WAITING: 'wait',
  CLOSING: 'wait',
  COMMITTED: 'wait',
  VOTING: 'wait',
  APPEAL: 'wait',
  QUEUED: 'wait',
  SUCCEEDED: 'done',
  FINALIZED: 'done',
  COMPLETED: 'done',
  EXECUTED: 'done',
  ACCEPTED: 'done',
  WON: 'done',
  AWARDED: 'done',
  DONE: 'done',
  READY: 'wait',
  DISPUTED: 'bad',
  VACANT: 'bad',
  DEFEATED: 'bad',
  REJECTED: 'bad',
  UPHELD: 'bad',
  FAILED: 'bad',
  SLASHED: 'bad',
  REVOKED: 'bad',
  FORFEITED: 'bad',
  LAPSED: 'bad',
  MISSED: 'bad',
  EXPIRED: 'bad',
  SPLIT: 'wait',
  SETTLED: 'done',
};

/** A state as a small sign. @param {string} state */
export const chip = (state) => h('span', { class: `chip ${TONES[state] ?? 'off'}` }, plain(state));

/** @param {string} state */
export const tone = (state) => TONES[state] ?? 'off';

const DISPUTE_KINDS = [
  'none',
  'wrong result',
  'bad receipt',
  'quality below the specification',
  'related parties',
  'breach of consent',
  'wrong checkpoint',
  'wrong era root',
  'worthless claim',
];
const VACANCIES = [
  'was created',
  'yielded',
  'did not start in time',
  'let its lease lapse',
  'missed the delivery',
  'had no bid',
];
const FINALS = ['', 'the client accepted', 'the review ended in silence', 'the court split it'];
const CANCELS = ['', 'by its client', 'after it expired', 'by the court'];
const LOSSES = ['', 'was outscored', 'was never revealed', 'was not chosen', 'ended with the task'];
const REVIEWS = ['', 'the client accepted', 'the dispute was rejected', 'the challenge was withdrawn'];
const LEASE_ENDS = ['', 'completed', 'yielded', 'released', 'expired'];
const RULINGS = ['none', 'rejected', 'upheld', 'split'];
const SETTLEMENTS = [
  '',
  'the court ruled',
  'withdrawn',
  'conceded',
  'proven',
  'no quorum',
  'a secret was withheld',
  'both secrets were withheld',
];
const OUTCOMES = ['none', 'a majority', 'a tie', 'no quorum', 'no panel'];
const SUPPORT = ['against', 'for', 'abstaining'];
const DEADLINES = ['', 'for bids', 'to start', 'to deliver', 'of the review', 'of the task'];
const COURT_DEADLINES = ['', 'evidence', 'the draw', 'votes', 'an appeal'];
const REASONS = [
  'deposit',
  'withdrawal',
  'stake',
  'escrow of a task',
  'lock of a bid',
  'lock of a bid returned',
  'pledge of the winner',
  'penalty to the client',
  'penalty burned',
  'bond of a challenger',
  'bond of a respondent',
  'bond of an appeal',
  'pledge of a seat',
  'loss of a seat',
  'pledge of a seat returned',
  'deposit for a secret',
  'deposit returned',
  'deposit burned',
  'bond returned',
  'part of a lost bond to the winner',
  'part of a lost bond to the panel',
  'part of a lost bond burned',
  'share after a split',
  'pledge returned',
  'fee',
  'payment for work',
  'refund',
  'stake begins to leave',
  'stake left',
  'price of a data lease',
  'deposit of a data lease',
  'deposit of a channel',
  'payment by channel',
  'share of a guild',
  'pool of a bounty',
  'award of a bounty',
  'reward',
  'bond of a proposal',
  'transfer',
  'bond of a poster',
  'bond of a claim',
  'spending',
  'budget of a workflow',
  'receipt of a guild',
  'fee of a keeper',
];

/** @param {string[]} list @param {unknown} code */
const from = (list, code) => list[Number(code)] || `code ${code}`;

/** @param {unknown} code */
export const reason = (code) => from(REASONS, code);

/** A name of the API in words; what has none is told so. @param {string | null} name */
export const named = (name) => (name ? plain(name).toLowerCase() : 'no name known');

/** @type {Record<string, string>} */
const ENDS = {
  YIELDED: 'the agent yielded',
  NOT_STARTED: 'the agent did not start in time',
  LAPSED: 'the agent let its lease lapse',
  MISSED: 'the agent missed the delivery',
  ACCEPTED: 'the client accepted',
  REVIEW_OVER: 'the review ended in silence',
  SPLIT_BY_COURT: 'the court split it',
  CANCELLED_BY_CLIENT: 'cancelled by its client',
  EXPIRED: 'cancelled after it expired',
  CANCELLED_BY_COURT: 'cancelled by the court',
};

/** How a task ended or lost its agent. @param {string} status @param {string | null} cause the API's name */
export const endOf = (status, cause) =>
  cause && ['FINALIZED', 'CANCELLED', 'VACANT', 'BIDDING'].includes(status) ? (ENDS[cause] ?? named(cause)) : '';

const ACCOUNT_KINDS = [
  'outside',
  'wallet',
  'task',
  'bid',
  'stake',
  'unbonding',
  'pledge',
  'dispute',
  'bounty',
  'channel',
  'data lease',
  'guild',
  'workflow',
  'checkpoint',
  'reward',
  'proposal',
  'treasury',
  'burn',
];
const NUMBERED = new Map([
  ['task', 'task'],
  ['stake', 'agent'],
  ['dispute', 'dispute'],
  ['bounty', 'bounty'],
  ['channel', 'channel'],
  ['guild', 'guild'],
  ['workflow', 'workflow'],
  ['data lease', 'data-lease'],
  ['unbonding', 'unbonding'],
]);

/** An account of the Vault by its word. @param {string} word */
export function vaultAccount(word) {
  const kind = ACCOUNT_KINDS[parseInt(word.slice(2, 4), 16)] ?? 'account';
  if (kind === 'wallet' || kind === 'outside')
    return h('span', null, kind === 'outside' ? 'outside ' : '', account(`0x${word.slice(-40)}`));
  const number = BigInt(`0x${word.slice(4)}`);
  const node = NUMBERED.get(kind);
  if (node)
    return kind === 'stake'
      ? h('span', null, 'stake of ', agent(number))
      : thing(`${node}-${number}`, kind === node ? undefined : `${kind} ${number}`);
  return thing(`account-${word}`, kind);
}

/** @typedef {Record<string, any>} Data */
/** @type {Record<string, (data: Data) => Children[]>} */
const SENTENCES = {
  task_created: (d) => [
    account(d.Client),
    ' asks for ',
    h('b', null, textOf(d.Terms.Domain)),
    ' and offers up to ',
    money(d.Terms.MaxPrice),
  ],
  bidding_opened: (d) => [
    `Round ${d.Round} is open to bids`,
    Number(d.Cause) > 0 ? `: the last one ${from(VACANCIES, d.Cause)}` : '',
  ],
  bid_placed: (d) => [agent(d.AgentId), ' bids ', money(d.Price)],
  bid_committed: (d) => [agent(d.AgentId), ' commits a sealed bid'],
  uriupdated: (d) => [agent(d.AgentId), ' has another card'],
  metadata_update: (d) => [agent(d.TokenId), ' announces new metadata'],
  executed_forward_request: (d) => [account(d.Signer), ' acted through the relayer', d.Success ? '' : ', in vain'],
  bid_withdrawn: (d) => [thing(`bid-${d.BidId}`), ' was withdrawn'],
  bid_lost: (d) => [thing(`bid-${d.BidId}`), ' of ', agent(d.AgentId), ' ', from(LOSSES, d.Cause)],
  task_matched: (d) => [agent(d.AgentId), ' wins with ', thing(`bid-${d.BidId}`)],
  task_vacated: (d) => [agent(d.AgentId), ' is out: it ', from(VACANCIES, d.Cause)],
  task_submitted: (d) => [agent(d.AgentId), ' delivers ', file(String(d.ResultURI ?? ''))],
  task_review_set: (d) => ['The review ends at another time: ', from(REVIEWS, d.Cause)],
  task_disputed: (d) => [thing(`dispute-${d.DisputeId}`), ' holds the payment: ', from(DISPUTE_KINDS, d.Kind)],
  task_finalized: (d) => [agent(d.AgentId), ' is paid: ', from(FINALS, d.Cause)],
  task_cancelled: (d) => ['Cancelled ', from(CANCELS, d.Cause)],
  task_deadline_passed: (d) => ['The time ', from(DEADLINES, d.Deadline), ' passed and nobody acted'],
  dispute_deadline_passed: (d) => ['The time for ', from(COURT_DEADLINES, d.Deadline), ' is over'],
  work_lease_lapsed: () => ['The lease ran out without a heartbeat'],
  work_lease_started: (d) => [agent(d.AgentId), ' starts to work under ', thing(`work-lease-${d.LeaseId}`)],
  work_lease_heartbeat: (d) => [`Heartbeat ${d.Seq}: the work goes on`],
  work_lease_ended: (d) => ['The lease is ', from(LEASE_ENDS, d.Cause)],
  registered: (d) => [account(d.Owner), ' registers ', agent(d.AgentId)],
  agent_registry_transfer: (d) => [agent(d.TokenId), ' now belongs to ', account(d.To)],
  agent_locks_set: (d) => [agent(d.AgentId), ` holds ${d.Locks} lock${String(d.Locks) === '1' ? '' : 's'} now`],
  metadata_set: (d) => [agent(d.AgentId), ' sets ', h('code', null, String(d.MetadataKey))],
  reputation_set: (d) => [
    agent(d.AgentId),
    ' stands at ',
    h('b', null, points(d.Score)),
    ' points in ',
    textOf(d.Domain),
  ],
  completion_counted: (d) => [agent(d.AgentId), ' has finished ', String(d.Completions), ' for ', account(d.Client)],
  completion_weighed: (d) => [agent(d.AgentId), ' earned in ', textOf(d.Domain), ' with ', task(d.TaskId)],
  new_feedback: (d) => [account(d.ClientAddress), ' rates ', agent(d.AgentId), ' at ', String(d.Value)],
  moved: (d) => [money(d.Amount), ' from ', vaultAccount(d.From), ' to ', vaultAccount(d.To), ': ', reason(d.Reason)],
  credit_transfer: (d) => [money(d.Value), ' from ', account(d.From), ' to ', account(d.To)],
  delegate_votes_changed: (d) => [account(d.Delegate), ' has ', money(d.NewVotes), ' of votes'],
  dispute_opened: (d) => [
    Number(d.ChallengerId) > 0 ? agent(d.ChallengerId) : 'The client',
    ' challenges ',
    agent(d.RespondentId),
    ': ',
    from(DISPUTE_KINDS, d.Kind),
  ],
  dispute_bonded: () => ['The bonds are put up'],
  evidence: (d) => [account(d.Party), ' files ', file(String(d.EvidenceValue ?? ''))],
  round_started: (d) => [`Round ${d.Round}, attempt ${d.Attempt}: a panel of ${d.PanelSize} is to be drawn`],
  panel_drawn: (d) => [
    `${d.VerifierIds.length} verifiers are drawn: `,
    ...d.VerifierIds.flatMap((/** @type {unknown} */ id, /** @type {number} */ at) => [at ? ', ' : '', agent(id)]),
  ],
  vote_committed: (d) => [agent(d.VerifierId), ' commits a vote'],
  vote_revealed: (d) => [agent(d.VerifierId), ' votes: ', from(RULINGS, d.Choice ?? d.Ruling)],
  round_resolved: (d) => [`Round ${d.Round} is over: `, from(RULINGS, d.Ruling), ' by ', from(OUTCOMES, d.Outcome)],
  dispute_settled: (d) => ['Settled: ', from(RULINGS, d.Ruling), ', ', from(SETTLEMENTS, d.Cause)],
  seed_committed: (d) => [account(d.Party), ' commits a secret for the draw'],
  seed_revealed: (d) => [account(d.Party), ' reveals its secret for the draw'],
  vote_cast: (d) => [account(d.Voter), ' votes ', from(SUPPORT, d.Support), ' with ', money(d.Weight)],
  vote_cast_with_params: (d) => [account(d.Voter), ' votes ', from(SUPPORT, d.Support), ' with ', money(d.Weight)],
  proposal_created: (d) => [
    account(d.Proposer),
    ' proposes: ',
    h('q', null, String(d.Description ?? '').slice(0, 120)),
  ],
  proposal_queued: (d) => ['Carried: it may be carried out from ', time(instant(d.EtaSeconds))],
  proposal_executed: () => ['The proposal is carried out'],
  proposal_canceled: () => ['The proposal is taken back'],
  dripped: (d) => [account(d.Recipient), ' takes ', money(d.Amount), ' from the faucet'],
  param_set: (d) => [h('b', null, textOf(d.Key)), ' is ', String(whole(d.Value) ?? d.Value), ' now'],
  workflow_created: (d) => [account(d.Client), ` begins a workflow of ${d.Steps} steps`],
  workflow_step_ended: (d) => [`Step ${d.Step} is ${d.IsFinalized ? 'finished' : 'cancelled'}: `, task(d.TaskId)],
  workflow_patched: (d) => [`The graph is changed: version ${d.Version}`],
  workflow_attested: (d) => [agent(d.AgentId), ` attests version ${d.Version}`],
  workflow_ended: () => ['The workflow is over'],
  workflow_step_linked: (d) => [`Step ${d.Step} is `, task(d.TaskId)],
  channel_opened: (d) => [account(d.Payer), ' opens a channel to ', account(d.Payee)],
  channel_redeemed: (d) => [money(d.Cumulative), ' redeemed in all'],
  channel_closing: (d) => [account(d.By), ' begins to close it'],
  channel_closed: () => ['The channel is closed'],
  bounty_opened: (d) => [account(d.Sponsor), ` offers ${d.MaxAwards} × `, money(d.Award)],
  bounty_claimed: (d) => [agent(d.AgentId), ' claims ', thing(`bounty-${d.BountyId}`)],
  guild_formed: (d) => [agent(d.FounderId), ' founds ', thing(`guild-${d.GuildId}`)],
  unbonding_started: (d) => [agent(d.AgentId), ' takes stake out, free ', time(instant(d.ReleaseAt))],
  checkpoint_posted: (d) => [agent(d.PosterId), ` posts checkpoint ${d.Epoch}: blocks ${d.FromBlock} to ${d.ToBlock}`],
  contract_registered: (d) => [h('b', null, textOf(d.Name)), ' stands at ', account(d.Location)],
};

/** @param {{ type: string, data: Data, stream: string }} event @returns {Children[]} */
export function sentence({ type, data, stream }) {
  try {
    const told = SENTENCES[type]?.(data);
    if (told) return told;
  } catch {
    // The data is not of the form that the sentence was written for: the name says what is known.
  }
  return [`${plain(type)} · `, thing(stream)];
}
