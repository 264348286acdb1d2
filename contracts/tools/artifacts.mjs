// Writes or checks contracts/artifacts: ABI and bytecode of every deployed contract, so that running needs no compiler. Refuses a
// contract that is larger than this project allows: the chain takes 24,576 bytes, and a mend must still find room.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactsFolder, compiled, contractNames } from './wiring.mjs';

const LARGEST_CONTRACT = 23_900;

const mode = process.argv[2];
mkdirSync(artifactsFolder, { recursive: true });
const stale = [];
// Driver is no part of the economy: it plays the world's actors, on development chains.
for (const name of [...contractNames(), 'Driver']) {
  const { abi, bytecode, runtime } = compiled(name);
  const size = (runtime.length - 2) / 2;
  if (size > LARGEST_CONTRACT) {
    console.error(`expected ${name} within ${LARGEST_CONTRACT} bytes, found ${size}`);
    process.exitCode = 1;
  }
  const text = `${JSON.stringify({ contractName: name, abi, bytecode })}\n`;
  const path = join(artifactsFolder, `${name}.json`);
  if (mode === 'write') {
    writeFileSync(path, text);
    console.log(`${name.padEnd(18)}${String(size).padStart(7)} of ${LARGEST_CONTRACT} bytes`);
  }
  else if (text !== read(path)) stale.push(name);
}
if (stale.length > 0) {
  console.error(`contracts/artifacts is not what the sources compile to: ${stale.join(', ')}; run ./es contracts build`);
  process.exitCode = 1;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
