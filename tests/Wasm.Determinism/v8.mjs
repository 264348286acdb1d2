// Runs a batch of modules in V8. Enters: a file of modules, each after its length in four bytes, little-endian. Leaves:
// a line a module: its index, what run() answered or the kind of its trap, the pages and the SHA-256 of its memory.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const traps = [
  [/divide by zero|remainder by zero/, 'divide-by-zero'],
  [/unrepresentable/, 'unrepresentable'],
  [/memory access out of bounds|data segment/, 'memory'],
  [/table index is out of bounds|table access|null function or function signature mismatch/, 'table'],
  [/unreachable/, 'unreachable'],
];

function outcome(run) {
  try {
    return BigInt.asUintN(64, run()).toString(16).padStart(16, '0');
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return traps.find(([words]) => words.test(error.message))?.[1] ?? error.message;
  }
}

const file = readFileSync(process.argv[2]);
const lines = [];
for (let at = 0, index = 0; at < file.length; index++) {
  const length = file.readUInt32LE(at);
  const module = new WebAssembly.Module(file.subarray(at + 4, at + 4 + length));
  const { run, dump, memory } = new WebAssembly.Instance(module).exports;
  const result = outcome(run);
  dump();
  const bytes = new Uint8Array(memory.buffer);
  lines.push(`${index} ${result} ${bytes.length / 65536} ${createHash('sha256').update(bytes).digest('hex')}`);
  at += 4 + length;
}
console.log(lines.join('\n'));
