// What the forms of the main commands say beyond their schemas. Enters: names of commands. Leaves: titles, hints, usual
// values, and the few commands whose arguments are computed here: sealed votes, bids and seeds, documents, a deposit.
// Always holds: what is computed here is what the contracts compute; the secret of a seal is kept before it is signed.
import { ask } from '../graphql.js';
import { chainNow } from '../elements.js';
import { plain } from '../format.js';
import { keepContent } from '../run/content.js';
import { bytesOf, secretWord, sha256 } from './bytes.js';
import { spaced } from './fields.js';
import { find, keep, sealed, sealedSeed } from './secrets.js';
import { session } from './session.js';

/**
 * @typedef {import('./fields.js').Field} Field
 * @typedef {Record<string, string>} Known
 * @typedef {{ title?: string, note?: string, hints?: Record<string, Partial<Field>>,
 *   fields?: (known: Known) => Field[],
 *   finish?: (values: Record<string, any>, known: Known) => Promise<Record<string, unknown>> }} Form
 */

const PERMIT_SECONDS = 3_600;
// Where the host keeps no content, a document that is short enough stands in its own address.
const MOST_INLINE = 1_000;

/** @type {[string, string][]} */
const RULINGS = [
  ['2', 'Uphold: the challenger is right'],
  ['1', 'Reject: the work stands'],
  ['3', 'Split: both are a little right'],
];
/** @type {[string, string][]} */
const SIDES = [
  ['1', 'The challenger'],
  ['2', 'The respondent'],
];

/**
 * The field of a document, of which the chain gets hash and address. @param {string} label @param {string} hint
 * @returns {Field[]}
 */
const documentOf = (label, hint) => [
  { path: '$text', kind: 'document', label, hint, rows: 4 },
  {
    path: '$uri',
    kind: 'text',
    label: 'Its address',
    hint: `Left empty: this host keeps the text by its hash. A host without a content store makes a text of at most ${MOST_INLINE} bytes its own address.`,
    isMore: true,
  },
];

/** @param {any} values */
async function addressOf({ $text: text, $uri: uri }) {
  if (uri) return uri;
  const cid = await keepContent(text);
  if (cid) return `ipfs://${cid}`;
  const inline = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`;
  if (inline.length > MOST_INLINE)
    throw new Error(
      `This host keeps no content: expected a text of at most ${MOST_INLINE} bytes or an address where it is, found ${inline.length} bytes.`,
    );
  return inline;
}

/** @param {Record<string, any>} values */
const rest = (values) => Object.fromEntries(Object.entries(values).filter(([path]) => !path.startsWith('$')));

/** @type {Record<string, Partial<Field>>} */
const TERMS = {
  agentId: { label: 'For one agent alone', hint: '0: any agent may bid.', value: '0', isMore: true },
  'terms.mode': {
    kind: 'choice',
    label: 'How bids are made',
    value: '1',
    choices: [
      ['1', 'Open: everybody sees every bid'],
      ['2', 'Sealed: hidden until all are in'],
      ['0', 'Direct: one agent alone'],
    ],
  },
  'terms.verification': {
    kind: 'choice',
    label: 'Who may dispute the result',
    value: '0',
    choices: [
      ['0', 'You alone'],
      ['1', 'You and strangers (optimistic)'],
    ],
  },
  'terms.domain': { label: 'What kind of work', value: 'code' },
  'terms.maxPrice': {
    label: 'The most you pay',
    value: '100',
    hint: 'Moves from your wallet in the Vault into escrow.',
  },
  'terms.agentBond': {
    label: 'What the agent puts at risk',
    value: '24',
    hint: 'At least a fifth of the price, and 10.',
  },
  'terms.minReputation': { label: 'Least reputation, in micropoints', value: '-1000000000', isMore: true },
  'terms.bidWindow': { label: 'Bids are taken for', value: '10', unit: 'minutes' },
  'terms.revealWindow': { label: 'Sealed bids are opened within', value: '0', unit: 'minutes', isMore: true },
  'terms.startWindow': { label: 'The winner starts within', value: '20', unit: 'minutes', isMore: true },
  'terms.deliverWindow': { label: 'The work takes at most', value: '100', unit: 'minutes' },
  'terms.reviewWindow': { label: 'You look at the result within', value: '10', unit: 'hours' },
  'terms.challengeWindow': { label: 'Strangers look within', value: '10', unit: 'minutes', isMore: true },
  'terms.leaseTtl': { label: 'A lease lasts, without heartbeat', value: '60', unit: 'minutes', isMore: true },
  'terms.grace': { label: 'Grace after a lease', value: '30', unit: 'seconds', isMore: true },
  'terms.expiresAt': { label: 'Nobody may take it any more in', value: '1', unit: 'days', isMore: true },
};

/** @type {Record<string, Form>} */
export const FORMS = {
  'tasks.create': {
    title: 'Post a task',
    note: 'Agents see it at once and bid. The most that you pay waits in escrow; what is not paid comes back to you.',
    hints: TERMS,
    fields: () => documentOf('What is to be done', 'Agents read it; its hash goes on chain.'),
    finish: async (values) => ({
      ...rest(values),
      'terms.specHash': await sha256(values.$text),
      'terms.specURI': await addressOf(values),
    }),
  },
  'tasks.placeBid': {
    title: 'Bid for this task',
    hints: {
      price: { label: 'Your price' },
      eta: { label: 'Ready in', value: '30', unit: 'minutes' },
      proposalHash: { label: 'Your proposal', hint: 'Its hash goes on chain.' },
    },
  },
  'tasks.commitBid': {
    title: 'Bid for this task, sealed',
    note: 'The price stays hidden until bids are opened. What opens it is kept in this browser: download it on the wallet page.',
    fields: () => [
      { path: '$price', kind: 'credits', label: 'Your price' },
      { path: '$eta', kind: 'moment', label: 'Ready in', value: '30', unit: 'minutes' },
      {
        path: '$proposal',
        kind: 'hash',
        label: 'Your proposal',
        hint: 'Its hash goes on chain when the bid is opened.',
      },
    ],
    finish: commitBid,
  },
  'tasks.revealBid': { title: 'Open your sealed bid', fields: () => [], finish: revealBid },
  'tasks.pick': {
    title: 'Give it to a bid',
    hints: { bidId: { label: 'Which bid', hint: 'Its number stands under Bids.' } },
  },
  'tasks.matchBest': { title: 'Give it to the best bid' },
  'leases.start': { title: 'Start to work' },
  'leases.heartbeat': { title: 'Say that the work goes on', hints: { progressHash: { label: 'What is done so far' } } },
  'tasks.submit': {
    title: 'Deliver the work',
    hints: {
      receiptHash: { label: 'Receipt of execution', hint: 'Its hash as 0x…, or any text that is kept.', isMore: true },
    },
    fields: () => documentOf('The result', 'The client reads it; its hash goes on chain.'),
    finish: async (values) => ({
      ...rest(values),
      resultHash: await sha256(values.$text),
      resultURI: await addressOf(values),
    }),
  },
  'tasks.accept': { title: 'Accept the work and pay' },
  'tasks.cancel': { title: 'Take the task back' },
  'tasks.finalize': { title: 'Pay: the review is over' },
  'disputes.open': {
    title: 'Dispute the result',
    hints: {
      kind: {
        kind: 'choice',
        label: 'What is wrong',
        value: '3',
        choices: [
          ['3', 'The quality is below the specification'],
          ['1', 'The result is wrong'],
          ['4', 'The parties are related'],
          ['5', 'A consent was breached'],
          ['8', 'A claim is worthless'],
        ],
      },
      subjectId: { kind: 'whole', label: 'Number of the task' },
      challengerId: { label: 'As which agent', hint: '0: as the client.', value: '0', isMore: true },
      claimHash: { label: 'What you claim', hint: 'Its hash goes on chain; tell the panel by evidence.' },
    },
  },
  'disputes.submitEvidence': {
    title: 'Say your word to the panel',
    hints: { evidence: { label: 'Your evidence, or its address' }, side: side() },
  },
  'disputes.commitSeed': {
    title: 'Put a secret into the draw',
    note: 'Nobody can then foresee the panel. What opens it is kept in this browser; withholding it loses the case.',
    hints: { side: side() },
    finish: commitSeed,
    fields: () => [],
  },
  'disputes.revealSeed': {
    title: 'Open your secret of the draw',
    hints: { side: side() },
    fields: () => [],
    finish: revealSeed,
  },
  'disputes.commitVote': {
    title: 'Vote, sealed',
    note: 'Your vote stays hidden until all are in. What opens it is kept in this browser: download it on the wallet page.',
    fields: () => [{ path: '$choice', kind: 'choice', label: 'Your vote', choices: RULINGS, value: '2' }],
    finish: commitVote,
  },
  'disputes.revealVote': {
    title: 'Open your vote',
    hints: { justificationHash: { label: 'Why', hint: 'Its hash goes on chain.' } },
    fields: () => [],
    finish: revealVote,
  },
  'disputes.startRound': { title: 'Call the panel' },
  'disputes.draw': { title: 'Draw the panel' },
  'disputes.resolveRound': { title: 'Count the votes' },
  'disputes.settle': { title: 'Carry the ruling out' },
  'disputes.appeal': { title: 'Appeal to a larger panel', hints: { side: side() } },
  'agents.register': {
    title: 'Register an agent',
    hints: { agentURI: { label: 'Address of its card', hint: 'As https://… or ipfs://…: name, skills, endpoints.' } },
  },
  'stake.bond': { title: 'Put up stake', hints: { amount: { value: '500' } } },
  'stake.unbond': { title: 'Take stake out' },
  'faucet.drip': { title: 'Take credits from the faucet', note: 'Test credits, once an hour for each address.' },
  'vault.depositWithPermit': {
    title: 'Bring tokens into the Vault',
    note: 'Tasks, bids and stakes are paid from your wallet in the Vault. You sign twice: a permit for the Vault, and the deposit.',
    hints: { amount: { label: 'How much' } },
    fields: () => [],
    finish: permit,
  },
  'vault.withdraw': { title: 'Take credits out of the Vault', hints: { recipient: { label: 'To which address' } } },
  'proposals.castVote': { title: 'Vote on this proposal', hints: { support: support() } },
  'proposals.castVoteWithReason': { title: 'Vote on this proposal, and say why', hints: { support: support() } },
  'credit.transfer': { title: 'Send tokens', note: 'No relayer brings this: your own account pays for the gas.' },
  'bounties.open': { title: 'Offer a bounty' },
  'guilds.form': { title: 'Found a guild' },
  'workflows.create': { title: 'Begin a workflow' },
  'channels.open': { title: 'Open a payment channel' },
  'jobs.create': { title: 'Post a job (ERC-8183)' },
  'feedback.give': { title: 'Rate this agent' },
  'verifiers.join': { title: 'Join the pool of verifiers' },
};

/** Arguments that a form computes and does not ask for. */
export const COMPUTED = new Set([
  'terms.specHash',
  'terms.specURI',
  'resultHash',
  'resultURI',
  'commitment',
  'salt',
  'secret',
  'v',
  'r',
  's',
]);
/** @type {Record<string, string[]>} */
export const COMPUTED_HERE = {
  'tasks.revealBid': ['price', 'eta', 'proposalHash'],
  'disputes.revealVote': ['choice'],
  'vault.depositWithPermit': ['deadline'],
};

/** What a button says. @param {string} command */
export const titleOf = (command) => FORMS[command]?.title ?? plain(spaced(command.split('.')[1] ?? command));

/** @returns {Partial<Field>} */
function side() {
  return { kind: 'choice', label: 'For which side', choices: SIDES, value: '1' };
}

/** @returns {Partial<Field>} */
function support() {
  return {
    kind: 'choice',
    label: 'Your vote',
    value: '1',
    choices: [
      ['1', 'For'],
      ['0', 'Against'],
      ['2', 'Abstain'],
    ],
  };
}

/** @param {Omit<import('./secrets.js').Secret, 'chain' | 'madeAt'>} secret */
function kept(secret) {
  keep({ ...secret, chain: session.economy?.chainId ?? 0, madeAt: new Date(chainNow()).toISOString() });
}

/** @param {string} what @returns {never} */
function lost(what) {
  throw new Error(
    `What opens ${what} is not in this browser. Bring the downloaded file of secrets back on the wallet page, then try again.`,
  );
}

/** @param {Record<string, any>} values @param {Known} known */
async function commitVote(values, known) {
  const [home, court, round] = await Promise.all([session.home(), session.contract('disputes'), roundOf(known)]);
  const verifier = values.verifierId ?? known.verifierId;
  const salt = secretWord();
  const { $choice: choice, ...others } = values;
  const commitment = await sealed([
    home.chainId,
    court,
    known.disputeId ?? '',
    round.round,
    round.attempt,
    verifier,
    choice,
    salt,
  ]);
  kept({
    kind: 'vote',
    thing: `dispute-${known.disputeId}`,
    by: `agent-${verifier}`,
    commitment,
    values: { choice, salt, round: String(round.round), attempt: String(round.attempt) },
  });
  return { ...others, commitment };
}

/** @param {Known} known */
async function roundOf({ disputeId }) {
  const { dispute } = await ask('query Round($id: ID!) { dispute(id: $id) { round attempt } }', {
    id: `dispute-${disputeId}`,
  });
  if (!dispute) throw new Error(`Expected dispute ${disputeId} in the index, found none.`);
  return dispute;
}

/** @param {Record<string, any>} values @param {Known} known */
async function revealVote(values, known) {
  const round = await roundOf(known);
  const verifier = values.verifierId ?? known.verifierId;
  const secret = find(
    (one) =>
      one.kind === 'vote' &&
      one.thing === `dispute-${known.disputeId}` &&
      one.by === `agent-${verifier}` &&
      one.values.round === String(round.round) &&
      one.values.attempt === String(round.attempt),
  );
  if (!secret) return lost('this vote');
  return { ...values, choice: secret.values.choice, salt: secret.values.salt };
}

/** @param {Record<string, any>} values @param {Known} known */
async function commitBid({ $price: price, $eta: eta, $proposal: proposalHash, ...others }, known) {
  const [home, market, { task }] = await Promise.all([
    session.home(),
    session.contract('taskMarket'),
    ask('query Round($id: ID!) { task(id: $id) { round } }', { id: `task-${known.taskId}` }),
  ]);
  const agent = others.agentId ?? known.agentId;
  const salt = secretWord();
  const commitment = await sealed([
    home.chainId,
    market,
    known.taskId ?? '',
    task.round,
    agent,
    price,
    eta,
    proposalHash,
    salt,
  ]);
  kept({
    kind: 'bid',
    thing: `task-${known.taskId}`,
    by: `agent-${agent}`,
    commitment,
    values: { price, eta, proposalHash, salt },
  });
  return { ...others, commitment };
}

/** @param {Record<string, any>} values @param {Known} known */
async function revealBid(values, known) {
  const { bid } = await ask('query Bid($id: ID!) { bid(id: $id) { commitment } }', {
    id: `bid-${known.bidId ?? values.bidId}`,
  });
  const secret = find((one) => one.kind === 'bid' && one.commitment === bid?.commitment);
  return secret ? { ...values, ...secret.values } : lost('this bid');
}

/** @param {Record<string, any>} values @param {Known} known */
async function commitSeed(values, known) {
  const secret = secretWord();
  const commitment = await sealedSeed(secret);
  kept({
    kind: 'seed',
    thing: `dispute-${known.disputeId}`,
    by: `side-${values.side ?? known.side}`,
    commitment,
    values: { secret },
  });
  return { ...values, commitment };
}

/** @param {Record<string, any>} values @param {Known} known */
async function revealSeed(values, known) {
  const secret = find(
    (one) =>
      one.kind === 'seed' &&
      one.thing === `dispute-${known.disputeId}` &&
      one.by === `side-${values.side ?? known.side}`,
  );
  return secret ? { ...values, secret: secret.values.secret } : lost('this secret of the draw');
}

/** Lets the Vault take the tokens, by a signature (ERC-2612). @param {Record<string, any>} values */
async function permit(values) {
  const [home, credit, vault, { creditHolder }] = await Promise.all([
    session.home(),
    session.contract('credit'),
    session.contract('vault'),
    ask('query Nonce($id: ID!) { creditHolder(id: $id) { permitNonce } }', { id: `credit-holder-${session.account}` }),
  ]);
  const deadline = String(Math.floor(chainNow() / 1_000) + PERMIT_SECONDS);
  const data = {
    types: {
      EIP712Domain: PERMIT_DOMAIN,
      Permit: PERMIT,
    },
    primaryType: 'Permit',
    domain: { name: 'EventSourced Credit', version: '1', chainId: home.chainId, verifyingContract: credit },
    message: {
      owner: session.account,
      spender: vault,
      value: values.amount,
      nonce: String(creditHolder?.permitNonce ?? 0),
      deadline,
    },
  };
  const signature = bytesOf(await session.ask('eth_signTypedData_v4', [session.account, JSON.stringify(data)]));
  const hex = (/** @type {Uint8Array} */ part) =>
    `0x${Array.from(part, (one) => one.toString(16).padStart(2, '0')).join('')}`;
  return {
    ...values,
    deadline,
    v: String(signature[64]),
    r: hex(signature.slice(0, 32)),
    s: hex(signature.slice(32, 64)),
  };
}

const PERMIT_DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];
const PERMIT = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
];
