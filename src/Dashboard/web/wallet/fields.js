// Arguments of commands as fields of a form. Enters: the schema of a command, what is known. Leaves: fields with labels
// and units that people use, and values as the commands take them. Always holds: amounts are read as decimal text and
// never as floating point; a value that cannot be read is refused at its field, in words.
import { h } from '../dom.js';
import { chainNow } from '../elements.js';
import { plain } from '../format.js';
import { sha256, wordOfText } from './bytes.js';

/**
 * @typedef {'credits' | 'whole' | 'signed' | 'span' | 'moment' | 'word' | 'hash' | 'choice' | 'agent' | 'address' | 'text'
 *   | 'flag' | 'bytes' | 'json' | 'document'} Kind
 * @typedef {{ path: string, kind: Kind, label: string, hint?: string, value?: string, unit?: string, isMore?: boolean,
 *   choices?: [string, string][], rows?: number }} Field
 */

/** A value that cannot be read. */
export class FieldFault extends Error {
  /** @param {string} path @param {string} message */
  constructor(path, message) {
    super(message);
    this.path = path;
  }
}

/** @type {[string, number][]} */
const UNITS = [
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3_600],
  ['days', 86_400],
];
const CREDIT_DIGITS = 18;
const MONEY = /(^|\.)(amount|price|maxPrice|agentBond|pool|budget|expectedBudget|cumulative|total|value)$/;
const MOMENT = /(^|\.)(expiresAt|expiredAt|eta|deadline|validUntil|validBefore|requestUntil|claimEnd|awardEnd)$/;
const SPAN = /(Window|Ttl|ttl|grace|duration|withdrawDelay)$/;
const AGENT = /^(agentId|verifierId|granteeId|posterId|founderId|ownerAgentId|challengerId)$/;

/**
 * The fields of a schema that are not known yet.
 * @param {import('./commands.js').Schema} schema @param {Record<string, string>} known
 * @param {Record<string, Partial<Field>>} hints by path
 * @returns {Field[]}
 */
export function fieldsOf(schema, known, hints, prefix = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = prefix + name;
    if (Object.hasOwn(known, path)) return [];
    if (one.type === 'object') return fieldsOf(one, known, hints, `${path}.`);
    return [{ path, kind: kindOf(path, one), label: plain(spaced(name)), ...hints[path] }];
  });
}

/** @param {string} path @param {import('./commands.js').Schema} schema @returns {Kind} */
function kindOf(path, { type, pattern, description }) {
  if (type === 'boolean') return 'flag';
  if (type === 'array') return 'json';
  if (pattern?.includes('{40}')) return 'address';
  if (pattern?.includes('{64}')) return /(^|\.)(domain|name|scope)$/.test(path) ? 'word' : 'hash';
  if (pattern === '^0x([0-9a-fA-F]{2})*$') return 'bytes';
  if (!description?.startsWith('A whole number')) return 'text';
  if (AGENT.test(path)) return 'agent';
  if (MONEY.test(path)) return 'credits';
  if (MOMENT.test(path)) return 'moment';
  if (SPAN.test(path)) return 'span';
  return description.includes('with its sign') ? 'signed' : 'whole';
}

/** maxPrice is max price. @param {string} name */
export const spaced = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/URI/i, 'address');

/** @param {Field} field @param {{ agents: string[], fault: FieldFault | null, scope: string }} with_ */
export function draw(field, { agents, fault, scope }) {
  const id = `${scope}-${field.path}`;
  const isWrong = fault?.path === field.path;
  const described = [field.hint ? `${id}-hint` : '', isWrong ? `${id}-wrong` : ''].filter(Boolean).join(' ');
  const shared = {
    id,
    name: field.path,
    'aria-describedby': described || null,
    'aria-invalid': isWrong ? 'true' : null,
    autocomplete: 'off',
  };
  return h(
    'div',
    { class: 'field', 'data-key': field.path },
    h('label', { for: id }, field.label, unitWords(field)),
    input(field, shared, agents),
    field.hint ? h('p', { class: 'soft', id: `${id}-hint` }, field.hint) : null,
    isWrong ? h('p', { class: 'wrong', id: `${id}-wrong` }, fault?.message) : null,
  );
}

/** @param {Field} field */
const unitWords = ({ kind }) =>
  kind === 'credits' ? h('small', null, ' in credits') : kind === 'moment' ? h('small', null, ' from now') : null;

/** @param {Field} field @param {Record<string, unknown>} shared @param {string[]} agents */
function input(field, shared, agents) {
  const options = (/** @type {[string, string][]} */ all) =>
    h(
      'select',
      shared,
      all.map(([value, text]) => h('option', { value, selected: value === field.value }, text)),
    );
  switch (field.kind) {
    case 'choice':
      return options(field.choices ?? []);
    case 'agent':
      return agents.length > 0 && field.value === undefined
        ? options(agents.map((id) => [id, `Agent ${id}`]))
        : h('input', { ...shared, inputmode: 'numeric', value: field.value ?? '' });
    case 'flag':
      return h('input', { ...shared, type: 'checkbox', checked: field.value === 'true' });
    case 'span':
    case 'moment':
      return h(
        'span',
        { class: 'pair' },
        h('input', { ...shared, inputmode: 'numeric', value: field.value ?? '' }),
        h(
          'select',
          { name: `${field.path}:unit`, 'aria-label': `Unit of ${field.label}` },
          UNITS.map(([name]) => h('option', { value: name, selected: name === (field.unit ?? 'minutes') }, name)),
        ),
      );
    case 'hash':
    case 'json':
    case 'document':
      return h('textarea', { ...shared, rows: field.rows ?? 2, spellcheck: 'false' }, field.value ?? '');
    default:
      return h('input', {
        ...shared,
        value: field.value ?? '',
        spellcheck: 'false',
        inputmode: ['credits', 'whole'].includes(field.kind) ? 'decimal' : null,
      });
  }
}

/**
 * The value of a field as the commands take it. @param {Field} field @param {FormData} form
 * @returns {Promise<unknown>}
 */
export async function read(field, form) {
  const text = String(form.get(field.path) ?? '').trim();
  const wrong = (/** @type {string} */ expected) =>
    new FieldFault(field.path, `Expected ${expected}, found ${text ? `“${text.slice(0, 60)}”` : 'nothing'}.`);
  switch (field.kind) {
    case 'credits':
      return weiOf(text) ?? Promise.reject(wrong('an amount of credits, as 12.5'));
    case 'whole':
    case 'agent':
      return /^(0|[1-9]\d*)$/.test(text) ? text : Promise.reject(wrong('a whole number'));
    case 'signed':
      return /^(0|-?[1-9]\d*)$/.test(text)
        ? text
        : Promise.reject(wrong('a whole number, with a minus where it is one'));
    case 'span':
    case 'moment': {
      if (!/^\d{1,9}$/.test(text)) throw wrong('a whole number');
      const unit = UNITS.find(([name]) => name === form.get(`${field.path}:unit`))?.[1] ?? 1;
      const now = field.kind === 'moment' ? Math.floor(chainNow() / 1_000) : 0;
      return String(now + Number(text) * unit);
    }
    case 'word':
      return /^0x[0-9a-fA-F]{64}$/.test(text) ? text : wordOfText(text);
    case 'hash':
      return /^0x[0-9a-fA-F]{64}$/.test(text) ? text : sha256(text);
    case 'address':
      return /^0x[0-9a-fA-F]{40}$/.test(text) ? text : Promise.reject(wrong('an address: 0x and 40 digits'));
    case 'bytes':
      return /^0x([0-9a-fA-F]{2})*$/.test(text) ? text : Promise.reject(wrong('bytes: 0x and pairs of digits'));
    case 'document':
      return text || Promise.reject(wrong('a text'));
    case 'flag':
      return form.get(field.path) !== null;
    case 'json':
      try {
        return JSON.parse(text);
      } catch {
        throw wrong('a list in JSON, as ["0x…"]');
      }
    default:
      return text;
  }
}

/** 12.5 as base units; null: that is no amount. @param {string} text */
export function weiOf(text) {
  const [, whole, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,18}))?$/.exec(text.replaceAll(',', '')) ?? [];
  return whole === undefined ? null : String(BigInt(whole + fraction.padEnd(CREDIT_DIGITS, '0')));
}

/** Values by path as the object that a command takes. @param {Record<string, unknown>} values */
export function nested(values) {
  /** @type {Record<string, any>} */
  const object = {};
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = object;
    for (const name of names) place = place[name] ??= {};
    place[last] = value;
  }
  return object;
}
