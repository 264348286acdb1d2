// The state machine of a task as a picture. Enters: the state that is current. Leaves: SVG whose current state is lit,
// with links of states and the words for who sees no picture. Always holds: the arrows are those of Tasks.Evolve.
import { svg } from './dom.js';
import { plain } from './format.js';

/**
 * @typedef {{ states: [string, number, number][], arrows: [string, string][], width: number, height: number }} Machine
 */

/** @type {Machine} */
export const TASK_MACHINE = {
  width: 760,
  height: 196,
  states: [
    ['BIDDING', 70, 34],
    ['MATCHED', 225, 34],
    ['RUNNING', 380, 34],
    ['VERIFYING', 535, 34],
    ['FINALIZED', 690, 34],
    ['VACANT', 225, 138],
    ['DISPUTED', 535, 138],
    ['CANCELLED', 70, 138],
  ],
  arrows: [
    ['BIDDING', 'MATCHED'],
    ['MATCHED', 'RUNNING'],
    ['RUNNING', 'VERIFYING'],
    ['VERIFYING', 'FINALIZED'],
    ['BIDDING', 'CANCELLED'],
    ['MATCHED', 'VACANT'],
    ['RUNNING', 'VACANT'],
    ['VACANT', 'BIDDING'],
    ['VACANT', 'CANCELLED'],
    ['VERIFYING', 'DISPUTED'],
    ['DISPUTED', 'VERIFYING'],
    ['DISPUTED', 'FINALIZED'],
    ['DISPUTED', 'CANCELLED'],
  ],
};

const [WIDE, HIGH] = [112, 34];

/** @param {Machine} machine @param {string} current */
export function machine({ states, arrows, width, height }, current) {
  const places = new Map(states.map(([name, x, y]) => [name, { x, y }]));
  return svg(
    'svg',
    {
      class: 'machine',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `The task is ${plain(current).toLowerCase()}.`,
    },
    svg(
      'defs',
      null,
      svg(
        'marker',
        { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
        svg('path', { d: 'M0 0 8 4 0 8Z' }),
      ),
    ),
    ...arrows.map(([from, to]) => {
      const [a, b] = [places.get(from), places.get(to)];
      if (!a || !b) throw new Error(`expected the states ${from} and ${to} in the machine, found one alone`);
      return svg('path', {
        class: from === current ? 'arrow next' : 'arrow',
        d: line(
          a,
          b,
          arrows.some(([x, y]) => x === to && y === from),
        ),
        'marker-end': 'url(#tip)',
      });
    }),
    ...states.map(([name, x, y]) =>
      svg(
        'g',
        { class: name === current ? 'state lit' : 'state' },
        svg('rect', { x: x - WIDE / 2, y: y - HIGH / 2, width: WIDE, height: HIGH, rx: 17 }),
        svg('text', { x, y: y + 4.5, 'text-anchor': 'middle' }, plain(name)),
      ),
    ),
  );
}

/** From border to border; two arrows between the same states run side by side, and one along a row passes below it.
 * @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b @param {boolean} isTwoWay */
function line(a, b, isTwoWay) {
  if (a.y === b.y) {
    const side = Math.sign(b.x - a.x);
    if (Math.abs(b.x - a.x) < 2 * WIDE)
      return `M${a.x + (side * WIDE) / 2} ${a.y}L${b.x - side * (WIDE / 2 + 2)} ${b.y}`;
    const low = a.y + HIGH / 2;
    return `M${a.x} ${low}C${a.x} ${low + 44} ${b.x} ${low + 44} ${b.x} ${low + 2}`;
  }
  const side = Math.sign(b.y - a.y);
  const shift = a.x === b.x ? 0 : Math.sign(b.x - a.x) * 24;
  const beside = isTwoWay ? side * 12 : 0;
  return `M${a.x + shift + beside} ${a.y + (side * HIGH) / 2}L${b.x - shift + beside} ${b.y - side * (HIGH / 2 + 2)}`;
}
