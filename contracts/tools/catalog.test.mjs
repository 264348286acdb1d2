// The freeze: what may follow the frozen catalog and what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalLine, extend, freeze, hashOf, keccak, kindsOf } from './catalog.mjs';
import { markdown } from './catalog-markdown.mjs';
import { contractsFolder } from './wiring.mjs';

const catalog = JSON.parse(readFileSync(join(contractsFolder, '..', 'docs', 'events', 'catalog.v1.json'), 'utf8'));
// What forge would have compiled: no retired event, and nothing that the catalog adds to an event.
const compiledOf = (of) =>
  structuredClone(of.contracts).map(({ name, events }) => ({
    name,
    events: events.filter((event) => !event.retired).map(({ record, since, ...event }) => event),
  }));
const copy = () => compiledOf(catalog);
const open = `1.${catalog.frozen + 1}`;
const audited = (field = 'at') => ({
  name: 'Audited',
  signature: 'Audited(uint64)',
  topic0: keccak('Audited(uint64)'),
  fields: [{ name: field, type: 'uint64', indexed: false }],
  meaning: 'm',
  trigger: 't',
  step: 's',
});
const withAudited = (field) => {
  const contracts = copy();
  vault(contracts).events.push(audited(field));
  return contracts;
};
const withoutMoved = () => {
  const contracts = copy();
  vault(contracts).events = vault(contracts).events.filter((event) => event.name !== 'Moved');
  return contracts;
};
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

test('The hash of every revision is that of the events since then or before', () => {
  assert.deepEqual(catalog.revisions.map(({ revision }) => revision), Array.from({ length: catalog.revision + 1 }, (_, i) => i));
  for (const { revision, hash } of catalog.revisions) assert.equal(hashOf(catalog.contracts, revision), hash, `1.${revision}`);
  assert.equal(catalog.revisions.at(-1).hash, catalog.hash);
  // As deployed chains carry it.
  assert.equal(catalog.revisions[0].hash, '0xff2a2d5a144c78a1b63741219ff9187c695ee885efc7c905f106e6d464e8e712');
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

test('A removed event is refused, and the refusal says how to retire it', () => {
  assert.throws(() => extend(catalog, withoutMoved()), /no contract has these frozen events any more[^]*Vault\.Moved\([^]*add --retire Vault\.Moved$/);
});
test('A renamed field is refused', () => refused((contracts) => (moved(contracts).fields[3].name = 'sum')));
test('A retyped field is refused', () => refused((contracts) => (moved(contracts).fields[3].type = 'uint128')));
test('A field that becomes indexed is refused', () => refused((contracts) => (moved(contracts).fields[3].indexed = true)));
test('A field that stops being indexed is refused', () => refused((contracts) => (moved(contracts).fields[0].indexed = false)));
test('Reordered fields are refused', () => refused((contracts) => moved(contracts).fields.reverse()));
test('An added field is refused', () =>
  refused((contracts) => moved(contracts).fields.push({ name: 'memo', type: 'string', indexed: false })));

test('An overload of a frozen event is refused', () => {
  const contracts = copy();
  vault(contracts).events.push({ ...moved(contracts), fields: [], signature: 'Moved()' });
  assert.throws(() => extend(catalog, contracts), /overload of the frozen Vault\.Moved/);
});

test('An added event enters under the open revision and leaves the old ones and their hash as they were', () => {
  const next = extend(catalog, withAudited());
  assert.equal(next.revision, catalog.frozen + 1);
  assert.notEqual(next.hash, catalog.hash);
  assert.deepEqual(next.revisions.slice(0, catalog.frozen + 1), catalog.revisions.slice(0, catalog.frozen + 1));
  assert.equal(next.revisions.at(-1).hash, next.hash);
  assert.equal(vault(next.contracts).events.find((event) => event.name === 'Audited').since, open);
  assert.equal(moved(next.contracts).since, moved(catalog.contracts).since);
  assert.match(markdown(next), new RegExp(`${open.replace('.', '\\.')}, open: its own events may still change`));
});

test('Adding twice changes nothing', () => {
  const next = extend(catalog, withAudited());
  assert.deepEqual(extend(next, withAudited()), next);
});

test('An event of the open revision may change and go again', () => {
  const next = extend(catalog, withAudited());
  const changed = extend(next, withAudited('since'));
  assert.deepEqual(changed, extend(catalog, withAudited('since')));
  assert.equal(vault(changed.contracts).events.find((event) => event.name === 'Audited').record, 'Audited');
  assert.deepEqual(extend(next, copy()), extend(catalog, copy()));
});

test('An event of a revision that was closed stays', () => {
  const closed = freeze(extend(catalog, withAudited()));
  assert.equal(closed.frozen, catalog.frozen + 1);
  assert.throws(() => extend(closed, copy()), /frozen events any more[^]*Vault\.Audited/);
  assert.throws(() => extend(closed, withAudited('since')), /changes by addition only[^]*Vault\.Audited/);
  assert.throws(() => freeze(closed), /expected events behind the frozen/);
});

test('An event that is retired by consent stays in the catalog and in every hash', () => {
  const next = extend(catalog, withoutMoved(), ['Vault.Moved']);
  assert.deepEqual(moved(next.contracts), { ...moved(catalog.contracts), retired: open });
  assert.equal(next.revision, catalog.frozen + 1);
  assert.deepEqual(next.revisions.slice(0, catalog.frozen + 1), catalog.revisions.slice(0, catalog.frozen + 1));
  assert.equal(hashOf(next.contracts), catalog.hash);
  assert.deepEqual(extend(next, withoutMoved()), next);
  assert.match(markdown(next), new RegExp(`### Moved[^#]*Retired in ${open.replace('.', '\\.')}`));
});

test('A retired event that a contract has again is retired no longer', () => {
  assert.deepEqual(extend(extend(catalog, withoutMoved(), ['Vault.Moved']), copy()), extend(catalog, copy()));
});

test('The name of a retired event is not given to another one', () => {
  const next = extend(catalog, withoutMoved(), ['Vault.Moved']);
  const contracts = withoutMoved();
  vault(contracts).events.push({ ...audited(), name: 'Moved', signature: 'Moved(uint64)' });
  assert.throws(() => extend(next, contracts), /overload of the frozen Vault\.Moved/);
});

test('Consent to retire what is there, or what never was, is refused', () => {
  for (const title of ['Vault.Moved', 'Vault.Nothing'])
    assert.throws(() => extend(catalog, copy(), [title]), new RegExp(`expected ${title.replace('.', '\\.')} to be an event`));
});

test('A change of a frozen event is refused whatever is consented to', () => {
  const contracts = copy();
  moved(contracts).fields[3].type = 'uint128';
  assert.throws(() => extend(catalog, contracts, ['Vault.Moved']), /changes by addition only/);
});

test('A new contract comes behind those that were there, under names of its own', () => {
  const contracts = [{ name: 'Insurance', events: [{ ...audited(), name: 'Moved', signature: 'Moved(uint64)' }] }, ...copy()];
  const next = extend(catalog, contracts);
  assert.deepEqual(next.contracts.slice(0, -1).map(({ name }) => name), catalog.contracts.map(({ name }) => name));
  assert.deepEqual(
    next.contracts.at(-1).events.map(({ record, since }) => ({ record, since })),
    [{ record: 'InsuranceMoved', since: open }],
  );
  assert.equal(moved(next.contracts).record, 'Moved');
});

test('A contract that is gone keeps its place with its retired events', () => {
  const contracts = copy().filter((contract) => contract.name !== 'Vault');
  const titles = vault(copy()).events.map((event) => `Vault.${event.name}`);
  assert.throws(() => extend(catalog, contracts), /frozen events any more[^]*Vault\.Moved/);
  const next = extend(catalog, contracts, titles);
  assert.deepEqual(next.contracts.map(({ name }) => name), catalog.contracts.map(({ name }) => name));
  assert.ok(vault(next.contracts).events.every((event) => event.retired));
});

test('A file whose hash of a frozen revision is not that of its events is refused', () => {
  const wrong = { ...catalog, revisions: [{ revision: 0, hash: keccak('') }] };
  assert.throws(() => extend(wrong, copy()), /expected hash 0xc5d2460186f7[^]*of v1\.0, found 0xff2a2d5a/);
});

test('the kind of a uint256 is said by a tag, and a word that fits no field is refused', () => {
  const inputs = [{ name: 'era', type: 'uint256' }, { name: 'values', type: 'uint256[]' }, { name: 'at', type: 'uint64' }];
  assert.deepEqual(kindsOf('era count, values wide', inputs), { era: 'count', values: 'wide' });
  assert.deepEqual(kindsOf('', inputs), {});
  for (const text of ['eras count', 'era number', 'era', 'era count wide', 'at count']) assert.throws(() => kindsOf(text, inputs), /kinds, found/);
});
