// The peer: V8 on the same modules. Enters: JSON lines {kernel,reps,inner} or {instantiate,reps}. Leaves: JSON lines
// {us:[..],result}: each time for `inner` calls divided by `inner`, in microseconds, and what the last call answered.
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

// The same argument values as in Kernel.cs: every term decides now and then.
function checkMany(check, inner) {
  let sum = 0;
  for (let i = 0; i < inner; i++) sum = (Math.imul(sum, 31) + check(900 + (i & 127), i & 63, i & 255)) | 0;
  return sum;
}

function timed(action) {
  const start = process.hrtime.bigint();
  const result = action();
  return [Number(process.hrtime.bigint() - start) / 1000, result];
}

function answer({ kernel, instantiate, reps, inner = 1 }) {
  const us = [];
  let result = 0;
  for (let rep = 0; rep < reps; rep++) {
    const [time, value] = timed(
      instantiate ? () => new WebAssembly.Instance(moduleOf(instantiate)) && 0
        : kernel === 'policy' ? () => checkMany(instanceOf(kernel).check, inner)
        : () => instanceOf(kernel).run());
    us.push(time / inner);
    result = value;
  }
  const bits = typeof result === 'bigint' ? BigInt.asUintN(64, result) : BigInt.asUintN(32, BigInt(result));
  return { us, result: bits.toString(16) };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(JSON.parse(line))));
}
