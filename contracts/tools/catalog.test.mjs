// The freeze: what may follow the frozen catalog and what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalLine, extend, hashOf, keccak } from './catalog.mjs';
import { contractsFolder } from './wiring.mjs';

const catalog = JSON.parse(readFileSync(join(contractsFolder, '..', 'docs', 'events', 'catalog.v1.json'), 'utf8'));
const copy = () => structuredClone(catalog.contracts);
const vault = (contracts) => contracts.find((contract) => contract.name === 'Vault');
const moved = (contracts) => vault(contracts).events.find((event) => event.name === 'Moved');

const refused = (change) => {
  const contracts = copy();
  change(contracts);
  assert.throws(() => extend(catalog, contracts), /changes by addition only[^]*Vault\.Moved/);
};

test('The catalog follows itself unchanged', () => {
  assert.deepEqual(extend(catalog, copy()), catalog);
});

test('The hash is that of the events that stand in the file', () => {
  assert.equal(hashOf(catalog.contracts), catalog.hash);
});

test('Topics are the keccak of the signatures', () => {
  for (const contract of catalog.contracts)
    for (const event of contract.events) assert.equal(event.topic0, keccak(event.signature), canonicalLine(contract.name, event));
  // The best known topic of all, as every explorer shows it.
  assert.equal(
    keccak('Transfer(address,address,uint256)'),
    '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  );
});

test('Every event is stored under a name of its own', () => {
  const records = catalog.contracts.flatMap((contract) => contract.events.map((event) => event.record));
  assert.equal(new Set(records).size, records.length);
});

test('Every event says what it means', () => {
  const silent = catalog.contracts.flatMap((contract) =>
    contract.events.filter((event) => !event.meaning || !event.trigger || !event.step).map((event) => `${contract.name}.${event.name}`),
  );
  assert.deepEqual(silent, []);
});

test('A removed event is refused', () => refused((contracts) => (vault(contracts).events = [])));
test('A renamed field is refused', () => refused((contracts) => (moved(contracts).fields[3].name = 'sum')));
test('A retyped field is refused', () => refused((contracts) => (moved(contracts).fields[3].type = 'uint128')));
test('A field that becomes indexed is refused', () => refused((contracts) => (moved(contracts).fields[3].indexed = true)));
test('A field that stops being indexed is refused', () => refused((contracts) => (moved(contracts).fields[0].indexed = false)));
test('Reordered fields are refused', () => refused((contracts) => moved(contracts).fields.reverse()));
test('An added field is refused', () =>
  refused((contracts) => moved(contracts).fields.push({ name: 'memo', type: 'string', indexed: false })));

test('An overload of a frozen event is refused', () => {
  const contracts = copy();
  vault(contracts).events.push({ ...structuredClone(moved(contracts)), fields: [], signature: 'Moved()' });
  assert.throws(() => extend(catalog, contracts), /overload of the frozen Vault\.Moved/);
});

test('An added event enters under the next revision and leaves the old ones as they were', () => {
  const contracts = copy();
  const added = { name: 'Audited', signature: 'Audited()', topic0: keccak('Audited()'), fields: [], meaning: 'm', trigger: 't', step: 's' };
  vault(contracts).events.push(added);
  const next = extend(catalog, contracts);
  assert.equal(next.revision, catalog.revision + 1);
  assert.notEqual(next.hash, catalog.hash);
  assert.equal(vault(next.contracts).events.find((event) => event.name === 'Audited').since, `1.${catalog.revision + 1}`);
  assert.equal(moved(next.contracts).since, moved(catalog.contracts).since);
});
