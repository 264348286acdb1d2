// The search. Enters: a number, an address, a hash, an id or words. Leaves: what the API has of it, as links. Always
// holds: the page says what it looked through.
import { h } from '../dom.js';
import { ask } from '../graphql.js';
import { empty, heading, panel } from '../parts.js';
import { account as accountLink, blockLink, task, thing } from '../words.js';

const TRANSACTIONS = 100;

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
  const data = await ask(
    `query Words($ids: [ID!]!, $at: BlockInput, $to: Long) {
    nodes(ids: $ids, block: $at) { id __typename }
    events(toBlock: $to, first: ${TRANSACTIONS}, order: DESC) { nodes { transaction block { number hash } } }
  }`,
    { ids: kinds.map((kind) => `${kind}-${word}`), ...variables },
  );
  const found = data.nodes
    .filter(Boolean)
    .map((/** @type {any} */ node) => ({ link: thing(node.id), says: node.__typename.toLowerCase() }));
  const event = data.events.nodes.find((/** @type {any} */ one) => one.transaction === word || one.block.hash === word);
  if (event)
    found.push({
      link: blockLink(event.block.number),
      says: event.block.hash === word ? 'the block with this hash' : 'the block of this transaction',
    });
  return {
    found,
    through: `Looked among ${kinds.join(', ')}, and for a block or transaction among the newest ${TRANSACTIONS} events.`,
  };
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
