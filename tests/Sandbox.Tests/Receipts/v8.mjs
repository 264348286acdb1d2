// Runs the work of a receipt in V8 alone. Enters: node v8.mjs RECEIPT MODULE INPUT: the receipt, the rewritten module
// (any implementation of the meter gives the same bytes) and the input. Leaves: one JSON object with the members of the
// receipt that the run decides. Always holds: it shares no code with the sandbox; WASI is written from docs/metering.md.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const METER = 'eventsourced-meter/1';
const CALL_FUEL = 256n;
const [INVALID, BAD, FAULT, TOO_BIG] = [28, 8, 21, 22];
const receipt = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const module = new WebAssembly.Module(readFileSync(process.argv[3]));
const input = readFileSync(process.argv[4]);
const granted = BigInt(receipt.limits.fuel);
const hash = (...pieces) => pieces.reduce((sum, piece) => sum.update(piece), createHash('sha256')).digest('hex');

class Exit extends Error {}
class Errno extends Error {}

const streams = { 1: [], 2: [] };
let position = 0;
let exports;
const fuel = () => exports[`${METER} fuel`];

function charge(units) {
  fuel().value -= units;
  if (fuel().value < 0n) throw new Exit('out of fuel');
}

function span(address, length) {
  const { buffer } = exports.memory;
  if ((address >>> 0) + (length >>> 0) > buffer.byteLength) throw Object.assign(new Errno(), { code: FAULT });
  return new Uint8Array(buffer, address >>> 0, length >>> 0);
}

const read32 = (address) => new DataView(exports.memory.buffer).getUint32(span(address, 4).byteOffset, true);
const write32 = (address, value) => new DataView(exports.memory.buffer).setUint32(span(address, 4).byteOffset, value, true);

function vectors(from, count) {
  if (count >>> 0 > 1024) throw Object.assign(new Errno(), { code: INVALID });
  return Array.from({ length: count }, (_, i) => [read32(from + 8 * i), read32(from + 8 * i + 4)]);
}

const texts = ['agent', ...receipt.arguments].map((text) => Buffer.from(`${text}\0`));

const wasi = {
  args_sizes_get(count, bytes) {
    write32(count, texts.length);
    write32(bytes, texts.reduce((sum, text) => sum + text.length, 0));
    return 0;
  },
  args_get(pointers, bytes) {
    texts.forEach((text, i) => {
      write32(pointers + 4 * i, bytes);
      span(bytes, text.length).set(text);
      bytes += text.length;
    });
    return 0;
  },
  fd_read(fd, from, count, done) {
    if (fd !== 0) return BAD;
    write32(done, 0);
    let total = 0;
    for (const [address, length] of vectors(from, count)) {
      const piece = input.subarray(position, position + length);
      span(address, length).set(piece);
      position += piece.length;
      total += piece.length;
    }
    write32(done, total);
    return 0;
  },
  fd_write(fd, from, count, done) {
    const stream = streams[fd];
    if (!stream) return BAD;
    const pieces = vectors(from, count).map(([address, length]) => Buffer.from(span(address, length)));
    const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const before = stream.reduce((sum, piece) => sum + piece.length, 0);
    if (before + total > receipt.limits.outputBytes) return TOO_BIG;
    span(done, 4);
    stream.push(...pieces);
    write32(done, total);
    return 0;
  },
};

// Every call costs fuel, and what moves bytes costs as many again.
function paid(name, call) {
  return (...given) => {
    charge(CALL_FUEL);
    let code;
    try {
      code = call(...given);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return error.code;
    }
    if (code === 0 && name.startsWith('fd_')) charge(BigInt(read32(given[3])));
    return code;
  };
}

const imports = Object.fromEntries(Object.entries(wasi).map(([name, call]) => [name, paid(name, call)]));
imports.proc_exit = (code) => { throw Object.assign(new Exit(), { code }); };

function run() {
  try {
    exports[`${METER} start`]?.();
    exports._start();
    return { code: 0, kind: 'exited' };
  } catch (error) {
    if (fuel().value < 0n) return { kind: 'trapped', reason: 'all fuel consumed' };
    if (exports[`${METER} depth`].value < 0n) return { kind: 'trapped', reason: 'call stack exhausted' };
    if (error instanceof Exit) return { code: error.code, kind: 'exited' };
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const words = [
      [/divide by zero|remainder by zero/, 'integer divide by zero'],
      [/unrepresentable/, 'unrepresentable integer'],
      [/memory access out of bounds|data segment/, 'out of bounds memory access'],
      [/table index is out of bounds|table access|null function or function signature/, 'table access or indirect call'],
      [/unreachable/, 'unreachable'],
    ];
    return { kind: 'trapped', reason: words.find(([known]) => known.test(error.message))?.[1] ?? error.message };
  }
}

({ exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports }));
fuel().value += granted;
exports[`${METER} depth`].value = BigInt(receipt.limits.callDepth);
exports[`${METER} pages`].value = BigInt(Math.min(Math.floor(receipt.limits.memoryBytes / 65536), 16384));
const exit = run();
const left = fuel().value < 0n ? 0n : fuel().value;
console.log(JSON.stringify({
  errorOutputHash: hash(...streams[2]),
  exit,
  fuelUsed: Number(granted - left),
  inputHash: hash(input),
  memoryPeakBytes: exports[`${METER} memory`]?.buffer.byteLength ?? 0,
  outputHash: hash(...streams[1]),
}));
