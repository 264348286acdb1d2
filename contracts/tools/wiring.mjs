// What the tools know of the contracts: their names in the order of deployment, and their compiled form.
// Enters: src/libraries/Wiring.sol (through the ABI of any contract) and forge's out/. Leaves: names, ABI, bytecode, docs.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const contractsFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
export const artifactsFolder = join(contractsFolder, 'artifacts');

// Two fields have a shorter name than their contract: OpenZeppelin has a Governor and a library Checkpoints.
const ARTIFACT_OF_FIELD = { governor: 'AgentGovernor', checkpoints: 'EpochCheckpoints' };

// Contracts that are not of the deployment: they are registered later, each deployed by its own transaction.
const REGISTERED_LATER = [];

export const artifactOf = (field) => ARTIFACT_OF_FIELD[field] ?? field[0].toUpperCase() + field.slice(1);

/** The fields of Wiring, in order, as the constructor of a contract declares them. */
export function wiringFields(abi) {
  const constructor = abi.find((entry) => entry.type === 'constructor');
  return constructor.inputs[0].components.map((component) => component.name);
}

/** Every contract whose events the catalog holds, as the sources have them. */
export const contractNames = () => [...wiringFields(compiled('Vault').abi).map(artifactOf), ...REGISTERED_LATER];

/** A contract as forge has just compiled it. */
export function compiled(name) {
  const json = JSON.parse(readFileSync(join(contractsFolder, 'out', `${name}.sol`, `${name}.json`), 'utf8'));
  return { abi: json.abi, bytecode: json.bytecode.object, runtime: json.deployedBytecode.object, docs: JSON.parse(json.rawMetadata).output };
}

/** A contract as it is checked in: what a deployment needs, without a compiler. */
export function artifact(name) {
  return JSON.parse(readFileSync(join(artifactsFolder, `${name}.json`), 'utf8'));
}
