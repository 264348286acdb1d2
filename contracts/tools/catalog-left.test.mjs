// What is left to write by hand is named with its file, and nothing else is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { left, programSources } from './catalog-left.mjs';
import { contractsFolder } from './wiring.mjs';

const catalog = JSON.parse(readFileSync(join(contractsFolder, '..', 'docs', 'events', 'catalog.v1.json'), 'utf8'));
const program = programSources();

const withAudited = (catalogOf = structuredClone(catalog)) => {
  catalogOf.contracts.find(({ name }) => name === 'Vault').events.push({ name: 'Audited', record: 'Audited', since: `1.${catalog.frozen + 1}` });
  return catalogOf;
};
const auditedOf = ({ lines }) => lines.filter((line) => line.startsWith('Vault.Audited'));
const source = (path, text) => ({ path, text });
const fold = source('src/Domain/Money/Audits.cs', 'public static class Audits { Fold ... .On<Audited>(e => e.At) }');

test('Every event of the catalog is folded, shown and tested', () => {
  assert.deepEqual(left(catalog, program).lines, []);
});

test('An event without a home is named with the files where those of its contract are at home', () => {
  const [line, ...others] = auditedOf(left(withAudited(), program));
  assert.match(line, /a fold: \.On<Audited>\(\.\.\.\) in src\/Domain\/Money\/Balances\.cs; then its read model$/);
  assert.deepEqual(others, []);
});

test('A fold that no read model shows, and an event that no test names, are left', () => {
  assert.deepEqual(auditedOf(left(withAudited(), { ...program, folds: [...program.folds, fold] })), [
    'Vault.Audited: a read model: Audits.Fold in src/Projections',
    'Vault.Audited: a test: Audited in tests/Domain.Tests',
  ]);
});

test('What is folded, shown and tested is not left', () => {
  const written = {
    folds: [...program.folds, fold],
    models: [...program.models, source('src/Projections/Ledger.cs', 'new ReadModel<Word, Audits.State>(Audits.Fold, "Audit")')],
    tests: [...program.tests, source('tests/Domain.Tests/AuditTests.cs', 'new Audited(1)')],
  };
  const found = left(withAudited(), written);
  assert.deepEqual(auditedOf(found), []);
  assert.equal(found.added, left(catalog, program).added + 1);
});
