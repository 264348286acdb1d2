// The search. Enters: a number, an address, a hash, an id or words. Leaves: what the API has of it, as links. Always
// holds: the page says what it looked through.
import { h } from '../dom.js';
import { Fault, ask } from '../graphql.js';
import { empty, heading, panel } from '../parts.js';
import { account as accountLink, blockLink, sentence, task, thing } from '../words.js';

const MOST_EVENTS = 50;

/** @type {import('../pages.js').Page} */
export const search = {
  title: (_, { route }) => `Search: ${route.id}`,
  load: async ({ id: text }, _, variables) => find(text.trim(), variables),
  render: ({ found, through }, { route }) =>
    h(
      'div',
      null,
      heading(`“${route.id}”`, 'Search'),
      panel(
        'Found',
        [
          found.length === 0
            ? empty(`Nothing. ${through}`)
            : h(
                'ul',
                { class: 'found' },
                found.map((/** @type {any} */ one) => h('li', null, one.link, h('span', { class: 'soft' }, one.says))),
              ),
        ],
        { note: found.length > 0 ? through : null },
      ),
    ),
};

/** @param {string} text @param {Record<string, unknown>} variables */
async function find(text, variables) {
  if (/^\d{1,18}$/.test(text)) return byNumber(text, variables);
  if (/^0x[0-9a-f]{40}$/i.test(text))
    return {
      found: [{ link: accountLink(text.toLowerCase()), says: 'an account' }],
      through: 'Every address has a page.',
    };
  if (/^0x[0-9a-f]{64}$/i.test(text)) return byWord(text.toLowerCase(), variables);
  if (/^[a-z][a-z-]*-(0x)?[0-9a-f]/.test(text))
    return { found: [{ link: thing(text), says: 'by its id' }], through: 'An id leads straight to its thing.' };
  return byWords(text, variables);
}

/** @param {string} number @param {Record<string, unknown>} variables */
async function byNumber(number, variables) {
  const kinds = ['task', 'agent', 'dispute', 'workflow', 'bounty', 'channel', 'guild'];
  const { nodes, _meta } = await ask(
    'query Numbers($ids: [ID!]!, $at: BlockInput) { nodes(ids: $ids, block: $at) { id __typename } _meta { block { number } } }',
    { ids: kinds.map((kind) => `${kind}-${number}`), ...variables, to: undefined },
  );
  const found = nodes
    .filter(Boolean)
    .map((/** @type {any} */ node) => ({ link: thing(node.id), says: node.__typename.toLowerCase() }));
  if (Number(number) <= (_meta.block?.number ?? 0))
    found.push({ link: blockLink(number), says: 'a block of the chain' });
  return { found, through: `Looked for the number among ${kinds.join(', ')} and block.` };
}

/** @param {string} word @param {Record<string, unknown>} variables */
async function byWord(word, variables) {
  const kinds = [
    'proposal',
    'dataset',
    'timelock-operation',
    'council-call',
    'validation',
    'account',
    'parameter',
    'contract',
    'breaker',
  ];
  const [{ nodes, block }, events] = await Promise.all([
    ask(
      `query Words($ids: [ID!]!, $hash: Bytes32!, $at: BlockInput) { nodes(ids: $ids, block: $at) { id __typename }
        block(hash: $hash) { number } }`,
      { ids: kinds.map((kind) => `${kind}-${word}`), hash: word, at: variables.at },
    ),
    transaction(word, variables.to),
  ]);
  const found = nodes
    .filter(Boolean)
    .map((/** @type {any} */ node) => ({ link: thing(node.id), says: node.__typename.toLowerCase() }));
  if (block) found.push({ link: blockLink(block.number), says: 'the block with this hash' });
  if (events?.length > 0) {
    found.push({ link: blockLink(events[0].block.number), says: 'the block of this transaction' });
    for (const event of events) found.push({ link: thing(event.stream), says: h('span', null, ...sentence(event)) });
  }
  return {
    found,
    through: events
      ? `Looked among ${kinds.join(', ')}, blocks and transactions.`
      : `Looked among ${kinds.join(', ')} and blocks; this host has no node that knows transactions.`,
  };
}

/** The events of a transaction; null: the API has no node to ask. @param {string} hash @param {unknown} to */
async function transaction(hash, to) {
  try {
    const { events } = await ask(
      `query Transaction($hash: Bytes32!, $to: Long) { events(transaction: $hash, toBlock: $to, first: ${MOST_EVENTS}) {
        nodes { type stream data block { number } } } }`,
      { hash, to },
    );
    return events.nodes;
  } catch (fault) {
    if (fault instanceof Fault && fault.isOurs) return null;
    throw fault;
  }
}

/** @param {string} text @param {Record<string, unknown>} variables */
async function byWords(text, variables) {
  const data = await ask(
    `query FreeText($text: String!, $at: BlockInput) {
    proposalTexts(block: $at, first: 10, where: { description: { matches: $text } }) { nodes { proposalId
      description } }
    allEvidence(block: $at, first: 10, where: { text: { contains: $text } }) { nodes { disputeId text } }
    jobs(block: $at, first: 10, where: { description: { contains: $text } }) { nodes { id description taskId } }
    submissions(block: $at, first: 10, where: { resultUri: { contains: $text } }) { nodes { taskId resultUri } }
    allTaskTerms(block: $at, first: 10, where: { specUri: { contains: $text } }) { nodes { taskId specUri } }
    agents(block: $at, first: 10, where: { uri: { contains: $text } }) { nodes { id uri } }
  }`,
    { text, ...variables },
  );
  const found = [
    ...data.proposalTexts.nodes.map((/** @type {any} */ row) => ({
      link: thing(`proposal-${row.proposalId}`),
      says: row.description.slice(0, 120),
    })),
    ...data.jobs.nodes.map((/** @type {any} */ row) => ({ link: thing(row.id), says: row.description.slice(0, 120) })),
    ...data.allEvidence.nodes.map((/** @type {any} */ row) => ({
      link: thing(`dispute-${row.disputeId}`),
      says: row.text.slice(0, 120),
    })),
    ...data.submissions.nodes.map((/** @type {any} */ row) => ({
      link: task(row.taskId),
      says: `result ${row.resultUri.slice(0, 100)}`,
    })),
    ...data.allTaskTerms.nodes.map((/** @type {any} */ row) => ({
      link: task(row.taskId),
      says: `specification ${row.specUri.slice(0, 100)}`,
    })),
    ...data.agents.nodes.map((/** @type {any} */ row) => ({
      link: thing(row.id),
      says: `card ${row.uri.slice(0, 100)}`,
    })),
  ];
  return {
    found,
    through:
      'Looked through proposals, jobs, evidence, results, specifications and cards. A number, an address, a hash or an id works too.',
  };
}
