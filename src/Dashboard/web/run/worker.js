// The worker in which a stranger's module runs. Enters: a module and its whole world, by one message. Leaves: how the
// run ended and what it wrote, by one message. Always holds: it has no page, no network and no storage; whoever started
// it ends it when the time is over; memory never grows above the limit, which is written into the module.
import { bounded } from './module.js';
import { Exit, Wasi } from './wasi.js';

const SHA256 = '/dashboard/noble/sha2.js';

self.addEventListener('message', (event) => {
  void run(event.data).then((answer) => self.postMessage(answer));
});

/** @param {{ module: Uint8Array, world: import('./wasi.js').World, memoryBytes: number }} work */
async function run({ module, world, memoryBytes }) {
  const { sha256 } = await import(SHA256);
  const wasi = new Wasi(world, sha256);
  const began = performance.now();
  const exit = await ended(module, wasi, memoryBytes);
  return {
    exit,
    output: wasi.output,
    errorOutput: wasi.errorOutput,
    memoryBytes: wasi.memory?.buffer.byteLength ?? 0,
    milliseconds: performance.now() - began,
  };
}

/** @param {Uint8Array} bytes @param {Wasi} wasi @param {number} memoryBytes */
async function ended(bytes, wasi, memoryBytes) {
  let start;
  try {
    const compiled = await WebAssembly.compile(/** @type {BufferSource} */ (bounded(bytes, memoryBytes)));
    const instance = await WebAssembly.instantiate(compiled, { wasi_snapshot_preview1: wasi.imports() });
    const { memory, _start } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof _start !== 'function')
      return { kind: 'refused', reason: 'expected a module that exports memory and _start, found another' };
    wasi.memory = memory;
    start = _start;
  } catch (fault) {
    return { kind: 'refused', reason: fault instanceof Error ? fault.message : String(fault) };
  }
  try {
    start();
    return { kind: 'exited', code: 0 };
  } catch (fault) {
    if (fault instanceof Exit) return { kind: 'exited', code: fault.code };
    return { kind: 'trapped', reason: fault instanceof Error ? fault.message : String(fault) };
  }
}
