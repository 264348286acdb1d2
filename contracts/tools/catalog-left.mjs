// What no generator can write for an event of the catalog: its home in a fold, the read model that shows it, its test, its story. Enters:
// the catalog and the program's sources. Leaves: a line for each thing that is missing, with the file where it belongs; exit 0: nothing is.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { contractsFolder } from './wiring.mjs';

const root = join(contractsFolder, '..');

/** The sources under a folder that people write. */
const sources = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.cs') && !entry.name.endsWith('.g.cs'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/\/(obj|bin)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

export const programSources = () => ({
  folds: sources('src/Domain').concat(sources('src/Projections')).filter(({ text }) => text.includes('.On<')),
  models: sources('src/Projections'),
  tests: sources('tests/Domain.Tests'),
});

const takes = ({ text }, event) => text.includes(`.On<${event.record}>`);
const aggregateOf = ({ text }) => /static (?:partial )?class (\w+)/.exec(text)?.[1];

/** Where the other events of the contract are at home, the file with most of them first. */
const likelyHomes = (contract, folds) =>
  folds
    .filter(({ path }) => path.startsWith('src/Domain'))
    .map((fold) => ({ path: fold.path, count: contract.events.filter((event) => takes(fold, event)).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map(({ path }) => path);

function leftOf(contract, event, isNew, { folds, models, tests }) {
  const homes = folds.filter((fold) => takes(fold, event));
  if (homes.length === 0) {
    const likely = likelyHomes(contract, folds);
    return [`a fold: .On<${event.record}>(...) in ${likely.length > 0 ? likely.join(' or ') : 'a new file under src/Domain'}; then its read model`];
  }

  const left = [];
  if (!homes.some((home) => models.some(({ text }) => text.includes(`${aggregateOf(home)}.Fold`))))
    left.push(`a read model: ${homes.map((home) => `${aggregateOf(home)}.Fold`).join(' or ')} in src/Projections`);
  // The tests of frozen events were reviewed when their revision was closed.
  if (isNew && !tests.some(({ text }) => new RegExp(`\\b${event.record}\\b`).test(text)))
    left.push(`a test: ${event.record} in tests/Domain.Tests`);
  return left;
}

/** Everything that is left, and which events are new in the open revision. */
export function left(catalog, program) {
  const every = catalog.contracts.flatMap((contract) => contract.events.map((event) => ({ contract, event })));
  const isNew = ({ event }) => Number(event.since.split('.')[1]) > catalog.frozen;
  const lines = every.flatMap((one) =>
    leftOf(one.contract, one.event, isNew(one), program).map((what) => `${one.contract.name}.${one.event.name}: ${what}`),
  );
  return { lines, added: every.filter(isNew).length };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const catalog = JSON.parse(readFileSync(join(root, 'docs/events/catalog.v1.json'), 'utf8'));
  const { lines, added } = left(catalog, programSources());
  if (lines.length > 0) console.log(`left to write by hand:\n  ${lines.join('\n  ')}`);
  if (added > 0)
    console.log(
      `${added} events are new in v${catalog.version}.${catalog.frozen + 1}; each needs a story of tools/World/Stories in which it happens: ` +
        'tests/World.Tests names those that have none',
    );
  process.exitCode = lines.length > 0 ? 1 : 0;
}
