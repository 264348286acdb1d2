// From values of the API to words and figures for people. Enters: decimal texts, hex, times. Leaves: text. Always
// holds: amounts are computed as whole numbers, never as floating point; what cannot be read is shown as it came.

const CREDIT = 10n ** 18n;
const grouped = new Intl.NumberFormat('en');

/** @param {unknown} value @returns {bigint | null} */
export function whole(value) {
  try {
    return value === null || value === undefined || value === '' ? null : BigInt(/** @type {string} */ (value));
  } catch {
    return null;
  }
}

/** Base units as credits with at most two places. @param {unknown} wei @param {number} [places] */
export function credits(wei, places = 2) {
  const amount = whole(wei);
  if (amount === null) return '–';
  const scale = 10n ** BigInt(places);
  const rounded = (abs(amount) * scale + CREDIT / 2n) / CREDIT;
  const sign = amount < 0n && rounded > 0n ? '−' : '';
  if (rounded === 0n && amount !== 0n) return `< ${places > 0 ? `0.${'0'.repeat(places - 1)}1` : '1'}`;
  const fraction = String(rounded % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return `${sign}${grouped.format(rounded / scale)}${fraction && places > 0 ? `.${fraction}` : ''}`;
}

/** Credits in few characters: 12.8k, 5.6M. @param {unknown} wei */
export function creditsShort(wei) {
  const amount = whole(wei);
  return amount === null ? '–' : short(Number(amount / 10n ** 12n) / 1e6);
}

/** @param {number} value */
export function short(value) {
  for (const [size, sign] of /** @type {[number, string][]} */ ([
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]))
    if (Math.abs(value) >= size * 10 || (Math.abs(value) >= size && size > 1e3))
      return `${(value / size).toFixed(Math.abs(value) >= size * 100 ? 0 : 1).replace(/\.0$/, '')}${sign}`;
  if (Number.isInteger(value)) return grouped.format(value);
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1).replace(/\.0+$/, '');
}

/** As a double, for drawing alone. @param {unknown} wei */
export const creditsDrawn = (wei) => Number((whole(wei) ?? 0n) / 10n ** 12n) / 1e6;

/** @param {bigint} value */
const abs = (value) => (value < 0n ? -value : value);

/** @param {number | string | bigint | null | undefined} value */
export function count(value) {
  const number = whole(value);
  return number === null ? '–' : grouped.format(number);
}

/** Micropoints of reputation as points. @param {unknown} micropoints */
export function points(micropoints) {
  const value = whole(micropoints);
  if (value === null) return '–';
  const tenths = (abs(value) + 50_000n) / 100_000n;
  return `${value < 0n && tenths > 0n ? '−' : ''}${grouped.format(tenths / 10n)}.${tenths % 10n}`;
}

/** A word of the chain as text, where it is one: 0x636f6465… is code. @param {string} word */
export function textOf(word) {
  const hex = word.replace(/^0x/, '').replace(/(00)+$/, '');
  if (!/^([2-7][0-9a-f])+$/.test(hex)) return middle(word);
  return (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16))).join('');
}

/** Long hex with its middle left out. @param {string} text */
export const middle = (text) => (text.length > 18 ? `${text.slice(0, 8)}…${text.slice(-4)}` : text);

/** An id as it is read: task-42, proposal-0x0160…6b24. @param {string} id */
export function shortId(id) {
  const at = id.indexOf('-0x');
  return at < 0
    ? id
    : `${id.slice(0, at)} ${id
        .slice(at + 1)
        .split('-')
        .map(middle)
        .join(' ')}`;
}

/** One task, two tasks. @param {number | string | bigint} amount @param {string} word */
export const many = (amount, word) => `${count(amount)} ${word}${String(amount) === '1' ? '' : 's'}`;

/** @param {string} word TASK_STATUS or snake_case @returns {string} */
export function plain(word) {
  const text = word.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Seconds as two units at most: 3 d 4 h. @param {number} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  /** @type {[number, string][]} */
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => whole >= size);
  if (first < 0) return '0 s';
  const parts = units.slice(first, first + 2).map(([size, name], index) => {
    const amount = Math.floor((index === 0 ? whole : whole % (units[first]?.[0] ?? 1)) / size);
    return amount > 0 ? `${amount} ${name}` : '';
  });
  return parts.filter(Boolean).join(' ');
}

/** @param {string | number | Date} time */
export const clock = (time) => `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Seconds since 1970 as the API writes them in events. @param {unknown} seconds */
export const instant = (seconds) => new Date(Number(seconds) * 1000).toISOString();
