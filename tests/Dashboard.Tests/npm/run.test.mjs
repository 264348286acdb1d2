// A stranger's module runs again in the page. The same modules run under WASI of Node, which shares no line with ours, and
// write the same. What a module must not do, it cannot: run for ever, grow beyond its limit, import what is not WASI.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WASI } from 'node:wasi';
import { DASHBOARD, open, start, stop } from './browser.mjs';

const ROOT = new URL('../../../', import.meta.url).pathname;
const MEBIBYTE = 1 << 20;
let page;

before(async () => {
  await start();
  page = await open('wallet');
});
after(async () => {
  await page.finish();
  await stop();
});

/** Runs a module in a worker of the page. */
const inPage = (module, { input = Buffer.alloc(0), args = [], files = [], limit = 64 * MEBIBYTE, time = 20_000, seed = '0', step = '0' } = {}) =>
  page.evaluate(async (work) => {
    const { inWorker } = await import('/dashboard/run/again.js');
    const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    try {
      const ran = await inWorker({
        module: bytes(work.module), memoryBytes: work.limit,
        world: {
          arguments: work.args, environment: [], input: bytes(work.input), files: work.files.map(([path, text]) => [path, bytes(text)]),
          seed: BigInt(work.seed), clockStart: 0n, clockStep: BigInt(work.step), outputBytes: 1 << 20,
        },
      }, work.time);
      return { ...ran, output: [...ran.output] };
    } catch (fault) {
      return { fault: fault.message };
    }
  }, { module: module.toString('base64'), input: input.toString('base64'), args, limit, time, seed, step, files: files.map(([path, text]) => [path, text.toString('base64')]) });

/** The same by Node. */
async function inNode(module, { input = Buffer.alloc(0), args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'es-run-'));
  writeFileSync(join(folder, 'in'), input);
  const [stdin, stdout] = [openSync(join(folder, 'in'), 'r'), openSync(join(folder, 'out'), 'w')];
  const wasi = new WASI({ version: 'preview1', args: ['agent', ...args], stdin, stdout, returnOnExit: true });
  const instance = await WebAssembly.instantiate(await WebAssembly.compile(module), wasi.getImportObject());
  const code = wasi.start(instance);
  closeSync(stdin);
  closeSync(stdout);
  return { code, output: readFileSync(join(folder, 'out')) };
}

const sample = (name) => readFileSync(`${ROOT}agents/samples/${name}`);
for (const [agent, input, args] of [
  ['echo', 'article.txt', []], ['hash', 'article.txt', []], ['summarizer', 'article.txt', ['2']], ['matrix', 'matrices.txt', []],
  ['caption', 'lamp.bmp', []], ['auditor', 'vault.sol', []],
])
  test(`${agent} writes in the page what it writes in Node`, async () => {
    const module = readFileSync(`${ROOT}agents/${agent}/${agent}.wasm`);
    const there = await inNode(module, { input: sample(input), args });
    const here = await inPage(module, { input: sample(input), args });
    assert.deepEqual({ code: here.exit?.code, hash: hashOf(Buffer.from(here.output ?? [])) }, { code: there.code, hash: hashOf(there.output) }, JSON.stringify(here.exit ?? here));
    assert.ok(here.output.length > 0);
  });

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A module by hand: types, imports, functions, memory, exports, code. */
function made({ body, memory = [0, 1], imports = [] }) {
  const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
  const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]);
  const text = (value) => [value.length, ...Buffer.from(value)];
  const code = [0, ...body, 0x0b];
  return Buffer.from([
    ...Buffer.from('\0asm'), 1, 0, 0, 0,
    ...section(1, [2, 0x60, 0, 0, 0x60, 1, 0x7f, 0]),
    ...(imports.length ? section(2, [imports.length, ...imports.flatMap(([from, name]) => [...text(from), ...text(name), 0, 1])]) : []),
    ...section(3, [1, 0]),
    ...section(5, [1, ...memory]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('_start'), 0, imports.length]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

test('a module that runs for ever is ended, and the page says so', async () => {
  const { fault } = await inPage(made({ body: [0x03, 0x40, 0x0c, 0, 0x0b] }), { time: 1_500 });
  assert.match(fault, /Expected the run to end within 1\.5 s, found it running\. It was ended/);
});

test('memory grows up to the limit and not above it', async () => {
  // proc_exit(memory.grow(7) == -1): with a limit of 4 pages it fails, with one of 64 it does not.
  const grows = made({ imports: [['wasi_snapshot_preview1', 'proc_exit']], body: [0x41, 7, 0x40, 0, 0x41, 0x7f, 0x46, 0x10, 0] });
  assert.equal((await inPage(grows, { limit: 4 * 65_536 })).exit.code, 1);
  assert.equal((await inPage(grows, { limit: 64 * 65_536 })).exit.code, 0);
  const greedy = await inPage(made({ body: [], memory: [0, 100] }), { limit: 4 * 65_536 });
  assert.match(greedy.exit.reason, /expected at most 262144 bytes of memory, found 100 pages/);
});

test('what is not WASI cannot be imported, and what is no module is refused in words', async () => {
  assert.equal((await inPage(made({ body: [], imports: [['env', 'fetch']] }))).exit.kind, 'refused');
  assert.match((await inPage(Buffer.from('not a module'))).exit.reason, /expected a WebAssembly module, found other bytes/);
});

test('a module that traps says so', async () => {
  const { exit } = await inPage(made({ body: [0x00] }));
  assert.equal(exit.kind, 'trapped');
});

/** A content id as docs/execution.md says it, by BigInt: another way than the page's. */
function cidOf(bytes) {
  let number = BigInt(`0x01551220${hashOf(bytes)}`);
  let text = '';
  number <<= 5n - (288n % 5n);
  for (let i = 0; i < 58; i++, number >>= 5n) text = 'abcdefghijklmnopqrstuvwxyz234567'[Number(number & 31n)] + text;
  return `b${text}`;
}

// The store of content is not in this host: its answers are given here, by the address that it will have.
test('a task is shown by its hashes, run again, and a delivery that differs is found', async () => {
  const module = readFileSync(`${ROOT}agents/summarizer/summarizer.wasm`);
  const input = sample('article.txt');
  const { output } = await inNode(module, { input, args: ['2'] });
  const specification = Buffer.from(JSON.stringify({
    schema: 'eventsourced-task/1', title: 'Two sentences', work: { module: cidOf(module), input: cidOf(input), arguments: ['2'] },
  }));
  const other = Buffer.from('another summary');
  const store = new Map([module, input, output, specification, other].map((bytes) => [cidOf(bytes), bytes]));
  await page.route('**/v1/content/*', (route) => route.fulfill({ body: store.get(new URL(route.request().url()).pathname.split('/').pop()) }));
  const shown = async (result) => {
    await page.evaluate(async ([spec, hash]) => {
      await import('/dashboard/run/again.js');
      document.querySelector('es-run')?.remove();
      const element = document.createElement('es-run');
      element.data = { specHash: spec, resultHash: hash, receiptHash: `0x${'0'.repeat(64)}` };
      document.querySelector('main').append(element);
    }, [`0x${hashOf(specification)}`, `0x${hashOf(result)}`]);
    await page.getByRole('button', { name: 'Show input, output and receipt' }).click();
    await page.getByRole('button', { name: 'Run it again in this browser' }).click();
    await page.waitForSelector('es-run .ran');
    return page.locator('es-run').innerText();
  };
  assert.match(await shown(output), /Two sentences[\s\S]*hash checked here[\s\S]*The same output\./);
  assert.match(await shown(other), /Another output\.[\s\S]*Expected output with the SHA-256/);
  store.set(cidOf(input), other);
  await page.locator('es-run').evaluate((one) => one.remove());
  await page.evaluate((spec) => {
    const element = document.createElement('es-run');
    element.data = { specHash: spec, resultHash: spec, receiptHash: spec };
    document.querySelector('main').append(element);
  }, `0x${hashOf(specification)}`);
  await page.getByRole('button', { name: 'Show input, output and receipt' }).click();
  await page.waitForFunction(() => /Expected the input with the SHA-256 .+, found bytes with/.test(document.querySelector('es-run').innerText));
});

test('the worker may compile and may ask nobody; the page may not even compile', async () => {
  const worker = await fetch(`${DASHBOARD}/dashboard/run/worker.js`);
  assert.equal(worker.headers.get('content-security-policy'), "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  const refused = await page.evaluate(() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'compiled', (fault) => fault.message));
  assert.match(refused, /Content Security Policy|unsafe-eval/);
});
