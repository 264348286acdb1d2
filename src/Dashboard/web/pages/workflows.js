// Workflows: the list and one as a graph. Enters: steps with the steps that they wait for, as bits. Leaves: a
// drawing in layers, each step a link. Always holds: a step stands to the right of every step that it waits for.
import { parts } from '../charts.js';
import { h, svg } from '../dom.js';
import { count, plain } from '../format.js';
import { EVENT_FIELDS, eventList, facts, heading, mayDo, pager, panel, table } from '../parts.js';
import { href } from '../route.js';
import { account, chip, file, hash, thing, time, tone } from '../words.js';
import { missing } from '../pages.js';

const PAGE = 50;
const MOST_STEPS = 63;
const [WIDE, HIGH, GAP_X, GAP_Y] = [132, 46, 60, 22];

/** Steps are kept as bits of one word: how many are set. @param {unknown} word */
const bits = (word) =>
  BigInt(String(word ?? 0))
    .toString(2)
    .replaceAll('0', '').length;

/** @type {import('../pages.js').Page} */
export const workflows = {
  title: () => 'Workflows',
  query: `query Workflows($at: BlockInput, $after: String) {
    workflows(block: $at, first: ${PAGE}, after: $after, order: [{ createdAt: DESC }]) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id status client steps linked finalized cancelled version deadline createdAt isOverdue }
    }
  }`,
  variables: ({ choices }) => ({ after: choices.get('after') }),
  render: ({ workflows: page }) =>
    h(
      'div',
      null,
      heading('Workflows', null, [h('p', { class: 'lead' }, 'Tasks that wait for one another.')]),
      panel('Newest first', [
        table(
          'Workflows',
          page.nodes,
          [
            { name: 'Workflow', cell: (row) => thing(row.id) },
            {
              name: 'State',
              cell: (row) => [chip(row.status), row.isOverdue ? h('span', { class: 'late' }, ' overdue') : null],
            },
            { name: 'Client', cell: (row) => account(row.client) },
            { name: 'Steps done', isNumber: true, cell: (row) => `${bits(row.finalized)} of ${row.steps}` },
            {
              name: '',
              cell: (row) =>
                parts(
                  [
                    { value: bits(row.finalized), tone: 'done' },
                    { value: bits(row.cancelled), tone: 'bad' },
                    { value: bits(row.linked) - bits(row.finalized) - bits(row.cancelled), tone: 'work' },
                    { value: row.steps - bits(row.linked), tone: 'rail' },
                  ],
                  `${bits(row.finalized)} of ${row.steps} steps done`,
                ),
            },
            { name: 'Version', isNumber: true, isWide: true, cell: (row) => count(row.version) },
            { name: 'Deadline', cell: (row) => time(row.deadline) },
          ],
          'No workflow was begun yet.',
        ),
        pager(page.pageInfo, page.nodes.length, page.totalCount),
      ]),
    ),
};

/** @type {import('../pages.js').Page} */
export const workflow = {
  title: (data) => (data.workflow ? `Workflow ${data.workflow.workflowId}` : 'No such workflow'),
  query: `query Workflow($id: ID!, $at: BlockInput, $to: Long) {
    workflow(id: $id, block: $at) {
      id workflowId client graphHash uri steps deadline createdAt status version finalized cancelled endedAt isOverdue
      stepList(first: ${MOST_STEPS + 1}, order: [{ step: ASC }]) { nodes { step taskId dependsOn status task { id
        status price domain } } }
      patches(first: 20) { nodes { version baseVersion patchHash patchedAt } }
      attestationList(first: 20) { nodes { agentId version attestedAt } }
    }
    events(stream: $id, toBlock: $to, first: 60, order: DESC) { nodes { ${EVENT_FIELDS} } }
  }`,
  variables: ({ id }) => ({ id: id.startsWith('workflow-') ? id : `workflow-${id}` }),
  render: (data, { route, at }) => {
    const { workflow: row } = data;
    if (!row) return missing('workflow', route.id);
    return h(
      'div',
      null,
      heading([`Workflow ${row.workflowId} `, chip(row.status)], 'Workflow', [
        h('p', { class: 'lead' }, account(row.client), ` ordered ${row.steps} steps `, time(row.createdAt), '.'),
      ]),
      panel(
        'Graph',
        [h('div', { class: 'frame', tabindex: 0, role: 'region', 'aria-label': 'Graph of steps' }, graph(row))],
        { note: `version ${row.version}; a step waits for the steps to its left` },
      ),
      h(
        'div',
        { class: 'split' },
        h(
          'div',
          { class: 'column' },
          panel('Events', [eventList(data.events.nodes, { hasStream: false })], { note: 'newest first' }),
        ),
        h(
          'div',
          { class: 'column narrow' },
          mayDo([row.id], at),
          panel('Terms', [
            facts([
              ['Graph', file(row.uri)],
              ['Its hash', hash(row.graphHash)],
              ['Deadline', time(row.deadline)],
              ['Finished steps', `${bits(row.finalized)} of ${row.steps}`],
              ['Cancelled', String(bits(row.cancelled))],
              .../** @type {[string, any][]} */ (
                row.patches.nodes.map((/** @type {any} */ patch) => [
                  `Patched to ${patch.version}`,
                  [hash(patch.patchHash), ' ', time(patch.patchedAt)],
                ])
              ),
              .../** @type {[string, any][]} */ (
                row.attestationList.nodes.map((/** @type {any} */ one) => [
                  'Attested by',
                  thing(`agent-${one.agentId}`),
                ])
              ),
            ]),
          ]),
        ),
      ),
    );
  },
};

/** @param {any} row */
function graph(row) {
  const known = new Map(row.stepList.nodes.map((/** @type {any} */ step) => [step.step, step]));
  const steps = Array.from(
    { length: Math.min(row.steps, MOST_STEPS + 1) },
    (_, index) => known.get(index) ?? { step: index, status: 'FREE', dependsOn: 0, task: null },
  );
  const before = steps.map((step) =>
    steps
      .map((_, index) => index)
      .filter((index) => (BigInt(step.dependsOn) >> BigInt(index)) & 1n && index !== step.step),
  );
  /** @type {number[]} */
  const layers = [];
  /** @param {number} index @param {number} depth @returns {number} */
  const layerOf = (index, depth) =>
    (layers[index] ??=
      depth > MOST_STEPS ? 0 : Math.max(-1, ...(before[index] ?? []).map((one) => layerOf(one, depth + 1))) + 1);
  steps.forEach((_, index) => layerOf(index, 0));
  /** @type {number[]} */
  const filled = [];
  const places = layers.map((layer) => {
    const row = filled[layer] ?? 0;
    filled[layer] = row + 1;
    return { x: layer * (WIDE + GAP_X) + 2, y: row * (HIGH + GAP_Y) + 2 };
  });
  const [width, height] = [
    filled.length * (WIDE + GAP_X) - GAP_X + 4,
    Math.max(...filled) * (HIGH + GAP_Y) - GAP_Y + 4,
  ];
  return svg(
    'svg',
    { class: 'graph', width, height, viewBox: `0 0 ${width} ${height}` },
    ...before.flatMap((ones, index) => ones.map((one) => edge(places[one], places[index]))),
    ...steps.map((step, index) => node(step, places[index])),
  );
}

/** @typedef {{ x: number, y: number } | undefined} Place */

/** @param {Place} from @param {Place} to */
function edge(from, to) {
  if (!from || !to) return null;
  const [x1, y1, x2, y2] = [from.x + WIDE, from.y + HIGH / 2, to.x, to.y + HIGH / 2];
  return svg('path', { class: 'edge', d: `M${x1} ${y1}C${x1 + GAP_X / 2} ${y1} ${x2 - GAP_X / 2} ${y2} ${x2} ${y2}` });
}

/** @param {any} step @param {Place} place */
function node(step, place) {
  if (!place) return null;
  const body = [
    svg('rect', { x: place.x, y: place.y, width: WIDE, height: HIGH, rx: 8 }),
    svg('text', { x: place.x + 12, y: place.y + 19, class: 'name' }, `Step ${step.step}`),
    svg(
      'text',
      { x: place.x + 12, y: place.y + 36 },
      step.task ? `${step.task.id.replace('-', ' ')}: ${plain(step.task.status).toLowerCase()}` : plain(step.status),
    ),
  ];
  const cls = `step ${tone(step.status === 'FREE' ? '' : (step.task?.status ?? step.status))}`;
  return step.task
    ? svg('a', { class: cls, href: href('task', step.task.id) }, ...body)
    : svg('g', { class: cls }, ...body);
}
