// Figures as pictures. Enters: series. Leaves: lines by uPlot, which is loaded when the first chart is drawn, and
// sparklines, bars and rosettes by hand in SVG. Always holds: each picture has its figures in words beside it for who
// does not see it; without uPlot's package the place of the chart says which command installs it.
import { h, svg } from './dom.js';
import { short, span } from './format.js';

/**
 * @typedef {'number' | 'count' | 'seconds' | 'share'} Unit
 * @typedef {{ label: string, values: (number | null)[] }} Series
 * @typedef {{ x: number[], isTime: boolean, series: Series[], unit: Unit, xUnit?: Unit, label: string,
 *   height?: number, isStepped?: boolean }} Drawing
 */

const HEIGHT = 168;
const FEW = 4;

/** @type {Promise<any> | null} */
let loading = null;

/** @returns {Promise<any>} uPlot, which is a script of its own and no module */
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = h('script', { src: '/dashboard/uplot.js' });
    script.addEventListener('load', () => resolve(Reflect.get(window, 'uPlot')));
    script.addEventListener('error', () => reject(new Error('no uPlot')));
    document.head.append(script, h('link', { rel: 'stylesheet', href: '/dashboard/uplot.css' }));
  });
  return loading;
}

/** @param {HTMLElement} place @param {Drawing} drawing */
export async function draw(place, drawing) {
  let Plot;
  try {
    Plot = await library();
  } catch {
    place.replaceChildren(
      h(
        'p',
        { class: 'none' },
        'Charts are drawn by uPlot, whose package is not installed here: run ',
        h('code', null, 'cd src/Dashboard && npm ci'),
        ' and start the host with that folder as its setting dashboard.',
      ),
    );
    return;
  }
  if (drawing.x.length < 2) {
    place.replaceChildren(h('p', { class: 'none' }, 'Not enough yet to draw a line: two points are needed.'));
    return;
  }
  place.replaceChildren();
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', spoken(drawing));
  new Plot(optionsOf(place, drawing), [drawing.x, ...drawing.series.map(({ values }) => values)], place);
}

/** @param {HTMLElement} place @param {Drawing} drawing */
function optionsOf(place, drawing) {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--soft'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  const grid = { stroke: colour('--line'), width: 1 };
  const words = (/** @type {Unit} */ unit) => (/** @type {unknown} */ _, /** @type {(number | null)[]} */ values) =>
    values.map((value) => (value === null ? '' : inWords(value, unit)));
  return {
    width: place.clientWidth,
    height: drawing.height ?? HEIGHT,
    padding: [10, 22, 0, 0],
    legend: { show: drawing.series.length > 1, live: false },
    cursor: { show: true, y: false, points: { size: 6 } },
    scales: { x: { time: drawing.isTime }, y: { range: fromZero } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 70,
        values: drawing.isTime ? hours : words(drawing.xUnit ?? 'number'),
      },
      { ...axis, grid, size: drawing.unit === 'seconds' ? 66 : 50, values: words(drawing.unit) },
    ],
    series: [
      {},
      ...drawing.series.map(({ label, values }, index) => ({
        label,
        stroke: colour(`--series-${(index % 5) + 1}`),
        width: 2,
        spanGaps: true,
        points: { show: values.filter((value) => value !== null).length < FEW, size: 6 },
        ...(index === 0 && drawing.series.length === 1 ? { fill: colour('--series-wash') } : {}),
      })),
    ],
  };
}

/** Times of an axis in UTC: hours within two days, days beyond, none twice.
 * @param {unknown} _ @param {number[]} times */
function hours(_, times) {
  const isShort = (times.at(-1) ?? 0) - (times[0] ?? 0) < 172_800;
  const isFine = times.length > 1 && (times[1] ?? 0) - (times[0] ?? 0) < 60;
  const texts = times.map((seconds) => {
    const text = new Date(seconds * 1_000).toUTCString();
    return isShort ? text.slice(17, isFine ? 25 : 22) : text.slice(5, 11).replace(/^0/, '');
  });
  return texts.map((text, index) => (text === texts[index - 1] ? '' : text));
}

/** @param {unknown} _ @param {number | null} least @param {number | null} most @returns {[number, number]} */
function fromZero(_, least, most) {
  const low = Math.min(0, least ?? 0);
  return [low, Math.max((most ?? 1) * 1.08, low + 1)];
}

/** @param {number} value @param {Unit} unit */
function inWords(value, unit) {
  if (unit === 'seconds') return span(value);
  if (unit === 'count') return Number.isInteger(value) ? short(value) : '';
  return unit === 'share' ? `${Math.round(value)} %` : short(value);
}

/** @param {Drawing} drawing */
function spoken({ label, series, unit }) {
  const ends = series.map(({ label: name, values }) => {
    const known = values.filter((value) => value !== null);
    const last = known.at(-1);
    return last === undefined
      ? `${name}: nothing yet`
      : `${name}: now ${inWords(last, unit)}, from ${inWords(Math.min(...known), unit)} to ${inWords(Math.max(...known), unit)}`;
  });
  return `${label}. ${ends.join('. ')}.`;
}

/** @param {number[]} values @param {string} label */
export function sparkline(values, label) {
  const [width, height] = [120, 26];
  if (values.length < 2)
    return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (/** @type {number} */ index) => (index / (values.length - 1)) * width;
  const y = (/** @type {number} */ value) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6);
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': label,
    },
    svg('polygon', { points: `0,${height} ${line.join(' ')} ${width},${height}` }),
    svg('polyline', { points: line.join(' ') }),
  );
}

/** One bar of a list: its share of the greatest. @param {number} share from 0 to 1 @param {string} [tone] */
export function bar(share, tone = 'plain') {
  const wide = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * 100;
  return svg(
    'svg',
    { class: `bar ${tone}`, viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'rail', width: 100, height: 8 }),
    svg('rect', { class: 'fill', width: wide.toFixed(2), height: 8 }),
  );
}

/** Parts of one whole, side by side. @param {{ value: number, tone: string }[]} parts @param {string} label */
export function parts(parts, label) {
  const sum = parts.reduce((all, { value }) => all + value, 0);
  let from = 0;
  return svg(
    'svg',
    { class: 'bar parts', viewBox: '0 0 100 8', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('rect', { class: 'rail', width: 100, height: 8 }),
    ...parts.map(({ value, tone }) => {
      const wide = sum > 0 ? (value / sum) * 100 : 0;
      const rect = svg('rect', { class: `fill ${tone}`, x: from.toFixed(2), width: wide.toFixed(2), height: 8 });
      from += wide;
      return rect;
    }),
  );
}

/** Four petals, each as long as its measure from 0 to 1.
 * @param {{ name: string, share: number, says: string }[]} petals
 * @param {boolean} [isLarge] */
export function rosette(petals, isLarge = false) {
  const label = petals.map(({ name, says }) => `${name}: ${says}`).join(', ');
  const turn = 360 / petals.length;
  return svg(
    'svg',
    { class: isLarge ? 'rosette large' : 'rosette', viewBox: '-20 -20 40 40', role: 'img', 'aria-label': label },
    svg('title', null, label),
    svg('circle', { class: 'ring', r: 18 }),
    ...petals.map(({ share }, index) => {
      const length = 3 + Math.max(0, Math.min(1, share)) * 15;
      const side = (length * 0.42).toFixed(1);
      const d = `M0 0C${side} ${(-length * 0.3).toFixed(1)} ${side} ${-length} 0 ${-length}C-${side} ${-length} -${side} ${(-length * 0.3).toFixed(1)} 0 0Z`;
      return svg('path', { class: `petal p${index + 1}`, d, transform: `rotate(${index * turn})` });
    }),
  );
}
