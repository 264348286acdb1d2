// The peer: V8 on the same modules. Enters: JSON lines {kernel,reps} or {instantiate,reps}. Leaves: JSON lines
// {us:[..],result}: each time in microseconds, and what the last call answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = process.argv[2];
const modules = new Map();
const instances = new Map();

function moduleOf(kernel) {
  if (!modules.has(kernel)) modules.set(kernel, new WebAssembly.Module(readFileSync(join(folder, `${kernel}.wasm`))));
  return modules.get(kernel);
}

function instanceOf(kernel) {
  if (!instances.has(kernel)) {
    const { exports } = new WebAssembly.Instance(moduleOf(kernel));
    exports.setup();
    instances.set(kernel, exports);
  }
  return instances.get(kernel);
}

function timed(action) {
  const start = process.hrtime.bigint();
  const result = action();
  return [Number(process.hrtime.bigint() - start) / 1000, result];
}

function answer({ kernel, instantiate, reps }) {
  const us = [];
  let result = 0;
  for (let rep = 0; rep < reps; rep++) {
    const [time, value] = timed(
      instantiate ? () => new WebAssembly.Instance(moduleOf(instantiate)) && 0
        : () => instanceOf(kernel).run());
    us.push(time);
    result = value;
  }
  const bits = typeof result === 'bigint' ? BigInt.asUintN(64, result) : BigInt.asUintN(32, BigInt(result));
  return { us, result: bits.toString(16) };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
