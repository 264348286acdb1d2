// Runs a batch of rewritten modules in V8. Enters: a file of modules, each after its length in four bytes,
// little-endian. Leaves: a line a module: its index, what run() answered or the kind of its trap, the pages and the
// SHA-256 of its memory, and its fuel. Always holds: the meter is in the modules; here it is only granted and read.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FUEL = 1_000_000_000n;
const CALL_DEPTH = 1_000n;
const METER = 'eventsourced-meter/1';

const traps = [
  [/divide by zero|remainder by zero/, 'IntegerDivisionByZero'],
  [/unrepresentable/, 'UnrepresentableInteger'],
  [/memory access out of bounds|data segment/, 'MemoryOutOfBounds'],
  [/table index is out of bounds|table access|null function or function signature mismatch/, 'TableFault'],
  [/unreachable/, 'Unreachable'],
];

function outcome(exports) {
  try {
    return BigInt.asUintN(64, exports.run()).toString(16).padStart(16, '0');
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    if (exports[`${METER} fuel`].value < 0n) return 'OutOfFuel';
    if (exports[`${METER} depth`].value < 0n) return 'StackExhausted';
    return traps.find(([words]) => words.test(error.message))?.[1] ?? error.message;
  }
}

const file = readFileSync(process.argv[2]);
const lines = [];
for (let at = 0, index = 0; at < file.length; index++) {
  const length = file.readUInt32LE(at);
  const module = new WebAssembly.Module(file.subarray(at + 4, at + 4 + length));
  const { exports } = new WebAssembly.Instance(module);
  const [fuel, depth] = [exports[`${METER} fuel`], exports[`${METER} depth`]];
  fuel.value += FUEL;
  depth.value = CALL_DEPTH;
  const result = outcome(exports);
  depth.value = CALL_DEPTH;
  exports.dump();
  const bytes = new Uint8Array(exports.memory.buffer);
  const hash = createHash('sha256').update(bytes).digest('hex');
  lines.push(`${index} ${result} ${bytes.length / 65536} ${hash} ${FUEL - fuel.value}`);
  at += 4 + length;
}
console.log(lines.join('\n'));
