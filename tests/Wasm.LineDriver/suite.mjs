// Drives the line driver with the official suite. Enters: node suite.mjs FOLDER COMMAND...: a folder of files that
// wast2json made, and how to start the driver. Leaves: a line for each command that fails, a line a file, the sum, and
// what was refused by name. Always holds: a refusal by name (limit, unsupported) is counted apart, never as passed.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder, command, ...rest] = process.argv.slice(2);
const driver = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: driver.stdout })[Symbol.asyncIterator]();

async function ask(request) {
  driver.stdin.write(`${JSON.stringify(request)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error(`the driver ended at ${JSON.stringify(request).slice(0, 200)}`);
  return JSON.parse(value);
}

const width = { i8: 8, i16: 16, i32: 32, i64: 64, f32: 32, f64: 64 };

function hex(lane, lanes) {
  return lanes.map((text) => {
    const bits = BigInt.asUintN(width[lane], BigInt(text)).toString(16).padStart(width[lane] / 4, '0');
    return bits.match(/../g).reverse().join('');
  }).join('');
}

const wire = (value) => value.type === 'v128' ? { type: 'v128', value: hex(value.lane_type, value.value) } : value;

function matches(type, expected, found) {
  if (!expected.startsWith('nan')) return BigInt.asUintN(width[type], BigInt(expected)) === BigInt(found);
  const [mantissa, quiet] = type === 'f32' ? [23n, 0x7fc00000n] : [52n, 0x7ff8000000000000n];
  const bits = BigInt(found) & ((1n << BigInt(width[type] - 1)) - 1n);
  return expected === 'nan:canonical' ? bits === quiet : bits >> (mantissa - 1n) === quiet >> (mantissa - 1n);
}

function vectorMatches({ lane_type: lane, value }, found) {
  const step = width[lane] / 4;
  return value.every((expected, i) => {
    const bytes = found.slice(i * step, (i + 1) * step).match(/../g).reverse().join('');
    return matches(lane, expected, BigInt(`0x${bytes}`));
  });
}

function same(expected, found) {
  if (expected.type !== found.type) return false;
  if (expected.type === 'v128') return vectorMatches(expected, found.value);
  if (expected.type.endsWith('ref')) {
    return expected.value === undefined ? found.value !== 'null' : expected.value === found.value;
  }
  return matches(expected.type, expected.value, found.value);
}

const act = (action) => ask(action.type === 'get'
  ? { op: 'get', field: action.field, module: action.module }
  : { op: 'invoke', field: action.field, module: action.module, args: action.args.map(wire) });

const bytesOf = (c) => readFileSync(join(folder, c.filename)).toString('base64');

async function run(c) {
  switch (c.type) {
    case 'module': return (await ask({ op: 'module', b64: bytesOf(c), name: c.name }));
    case 'register': return ask({ op: 'register', as: c.as, name: c.name });
    case 'action': return act(c.action);
    case 'assert_return': {
      const answer = await act(c.action);
      if (!answer.ok) return answer;
      const expected = c.expected ?? [];
      const good = expected.length === answer.results.length && expected.every((e, i) => same(e, answer.results[i]));
      return good ? answer : { ok: false, kind: 'wrong', msg: `expected ${JSON.stringify(expected)}, found ${JSON.stringify(answer.results)}` };
    }
    case 'assert_trap': return fails(await act(c.action), ['trap'], c.text);
    case 'assert_exhaustion': return fails(await act(c.action), ['exhaustion']);
    case 'assert_malformed':
    case 'assert_invalid':
      if (c.module_type === 'text') return null;
      return fails(await ask({ op: 'validate', b64: bytesOf(c) }), c.type === 'assert_invalid' ? ['invalid', 'malformed'] : ['malformed']);
    case 'assert_unlinkable': return fails(await ask({ op: 'module', b64: bytesOf(c) }), ['unlinkable']);
    case 'assert_uninstantiable': return fails(await ask({ op: 'module', b64: bytesOf(c) }), ['trap'], c.text);
    default: return { ok: false, kind: 'error', msg: `expected a known command, found ${c.type}` };
  }
}

function fails(answer, kinds, words) {
  if (answer.ok) return { ok: false, kind: 'wrong', msg: `expected ${kinds}, found success` };
  if (answer.kind === 'limit' || answer.kind === 'unsupported') return answer;
  if (!kinds.includes(answer.kind)) return { ok: false, kind: 'wrong', msg: `expected ${kinds}, found ${answer.kind}: ${answer.msg}` };
  // Not every engine says which element it was.
  return !words || answer.msg.includes(words.replace(/ \d+$/, '')) ? { ok: true } : { ok: false, kind: 'wrong', msg: `expected '${words}', found '${answer.msg}'` };
}

const sum = { passed: 0, failed: 0, refused: 0, text: 0 };
const refusals = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  await ask({ op: 'reset' });
  for (const c of JSON.parse(readFileSync(join(folder, file))).commands) {
    const answer = await run(c);
    if (answer === null) sum.text++;
    else if (answer.ok) sum.passed++;
    else if (answer.kind === 'limit' || answer.kind === 'unsupported') {
      sum.refused++;
      refusals.set(answer.msg, (refusals.get(answer.msg) ?? 0) + 1);
      console.log(`${file}:${c.line} refused: ${answer.msg}`);
    } else {
      sum.failed++;
      console.log(`${file}:${c.line} ${c.type}: ${answer.kind}: ${answer.msg}`);
    }
  }
}

console.log(JSON.stringify(sum));
driver.stdin.end();
process.exitCode = sum.failed > 0 ? 1 : 0;
