// The event catalog. Enters: the compiled ABI and NatSpec of every contract. Leaves: docs/events/catalog.v1.json (machine) and
// catalog.md (people). Within v1 events are only added. A frozen revision never changes: an event of it that no contract emits any more
// stays, marked retired, and only by consent. The revision behind the last frozen one is open: its own events come and go until
// `freeze` closes it. `check` refuses what `add` would change; `add` writes it, and refuses every change of what is frozen.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import sha3 from 'js-sha3';
import { compiled, contractNames, contractsFolder } from './wiring.mjs';
import { markdown } from './catalog-markdown.mjs';

const folder = join(contractsFolder, '..', 'docs', 'events');
const jsonPath = join(folder, 'catalog.v1.json');
const markdownPath = join(folder, 'catalog.md');

export const keccak = (text) => `0x${sha3.keccak256(text)}`;

const canonicalType = (field) =>
  field.type.startsWith('tuple')
    ? `(${field.components.map(canonicalType).join(',')})${field.type.slice('tuple'.length)}`
    : field.type;

// What a uint256 holds where it is no amount: a count or number (64 bits), a hash, or all 256 bits. An id is a count without a word.
const KINDS = new Set(['count', 'hash', 'wide']);

/** "values wide, voteStart count" -> the kind of each of these fields. A word that is no kind, or of no field, is refused. */
export function kindsOf(text, inputs) {
  const pairs = text.split(',').map((one) => one.trim().split(/\s+/)).filter(([name]) => name);
  for (const [name, kind, ...more] of pairs)
    if (!inputs.some((input) => input.name === name && input.type.startsWith('uint256')) || !KINDS.has(kind) || more.length)
      throw new Error(`expected a uint256 field and ${[...KINDS].join(', ')} in kinds, found '${[name, kind, ...more].join(' ')}'`);
  return Object.fromEntries(pairs);
}

const field = (input, meanings, kinds) => ({
  name: input.name,
  type: input.type,
  ...(kinds?.[input.name] ? { kind: kinds[input.name] } : {}),
  ...(input.indexed === undefined ? {} : { indexed: input.indexed }),
  ...(meanings?.[input.name] ? { meaning: meanings[input.name] } : {}),
  ...(input.components ? { struct: structName(input), components: input.components.map((one) => field(one)) } : {}),
});

// "struct ITaskMarket.Terms[]" -> "Terms": the name under which records store the struct.
const structName = (input) => input.internalType.replace(/^struct /, '').replace(/\[.*$/, '').split('.').pop();

// Standing in an ABI by inheritance alone: our contracts have no path on which these could be emitted.
const NEVER_EMITTED = new Set(['EIP712DomainChanged', 'DelegateChanged', 'RoleAdminChanged']);

// Events of the standards that we take from OpenZeppelin: their NatSpec is not ours to tag.
const STANDARD = {
  Approval: { meaning: 'ERC-20 / ERC-721: somebody may spend the value, or take the token.', trigger: 'the holder or owner', step: 'Allowance: value', kinds: 'value wide' },
  ApprovalForAll: { meaning: 'ERC-721: an operator may act for all agents of an owner, or no longer.', trigger: 'the owner', step: 'Agent: operators' },
  Transfer: { meaning: 'ERC-20 / ERC-721: tokens, or an agent, changed hands; from 0: created.', trigger: 'the holder, or whom it approved', step: 'Holder: balance; Agent: owner' },
  DelegateVotesChanged: { meaning: 'ERC-5805: an owner votes with another weight: what its agents have bonded.', trigger: 'every move of stake; a transfer of an agent', step: 'Votes: checkpoint' },
  ExecutedForwardRequest: { meaning: 'ERC-2771: a signed request was relayed; its nonce is used.', trigger: 'anyone with the signed request', step: 'Signer: nonce + 1', kinds: 'nonce count' },
  RoleGranted: { meaning: 'Somebody holds a role.', trigger: 'the timelock; the deployment', step: 'Role: held' },
  RoleRevoked: { meaning: 'Somebody no longer holds a role.', trigger: 'the timelock; the holder by renouncing', step: 'Role: not held' },
  ProposalCreated: { meaning: 'A proposal stands; votes count from voteStart to voteEnd.', trigger: 'an owner with enough stake', step: 'Proposal: -> Pending', kinds: 'proposalId hash, values wide, voteStart count, voteEnd count' },
  VoteCast: { meaning: 'A vote: 0 against, 1 for, 2 abstain.', trigger: 'an owner with stake at the snapshot', step: 'Proposal: Active', kinds: 'proposalId hash' },
  VoteCastWithParams: { meaning: 'A vote that came with parameters; they change nothing.', trigger: 'an owner with stake at the snapshot', step: 'Proposal: Active', kinds: 'proposalId hash' },
  ProposalQueued: { meaning: 'An accepted proposal waits in the timelock until etaSeconds.', trigger: 'anyone', step: 'Proposal: Succeeded -> Queued', kinds: 'proposalId hash, etaSeconds count' },
  ProposalExecuted: { meaning: 'The calls of a proposal were made.', trigger: 'anyone, from etaSeconds', step: 'Proposal: Queued -> Executed', kinds: 'proposalId hash' },
  ProposalCanceled: { meaning: 'A proposal was taken back or vetoed.', trigger: 'the proposer before the vote; the council', step: 'Proposal: -> Canceled', kinds: 'proposalId hash' },
  TimelockChange: { meaning: 'Which timelock executes for the governor.', trigger: 'the deployment', step: 'Governor: timelock' },
  CallScheduled: { meaning: 'A call waits in the timelock.', trigger: 'the governor', step: 'Operation: -> Waiting', kinds: 'index count, value wide, delay count' },
  CallExecuted: { meaning: 'A call of an operation was made.', trigger: 'anyone, once its delay is over', step: 'Operation: Ready -> Done', kinds: 'index count, value wide' },
  CallSalt: { meaning: 'The salt of a scheduled operation.', trigger: 'the governor', step: 'Operation: -> Waiting' },
  Cancelled: { meaning: 'An operation of the timelock was cancelled.', trigger: 'the governor; the council', step: 'Operation: Waiting -> Cancelled' },
  MinDelayChange: { meaning: 'The least delay of the timelock.', trigger: 'the timelock itself; the deployment', step: 'Timelock: delay', kinds: 'oldDuration count, newDuration count' },
};

// ERC-721 has an Approval of the same name, whose number is an id.
const standardKinds = (entry) => (entry.inputs.some((input) => input.name === 'tokenId') ? '' : (STANDARD[entry.name]?.kinds ?? ''));

/** One line that holds all that a decoder depends on: types, order, names and `indexed`. */
export function canonicalLine(contract, event) {
  const part = (one) =>
    `${one.components ? canonicalType(one) + `{${one.components.map(part).join(',')}}` : one.type}` +
    `${one.indexed ? ' indexed' : ''} ${one.name}`;
  return `${contract}.${event.name}(${event.fields.map(part).join(',')})`;
}

/** The events of one contract, as the ABI and the NatSpec of its interfaces tell them. */
export function eventsOf(abi, docs) {
  return abi
    .filter((entry) => entry.type === 'event' && !NEVER_EMITTED.has(entry.name))
    .map((entry) => {
      const signature = `${entry.name}(${entry.inputs.map(canonicalType).join(',')})`;
      const user = docs?.userdoc?.events?.[signature] ?? {};
      const dev = docs?.devdoc?.events?.[signature] ?? {};
      const kinds = kindsOf(dev['custom:kinds'] ?? standardKinds(entry), entry.inputs);
      return {
        name: entry.name,
        signature,
        topic0: keccak(signature),
        fields: entry.inputs.map((input) => field(input, dev.params, kinds)),
        meaning: user.notice ?? STANDARD[entry.name]?.meaning ?? dev.details ?? '',
        trigger: dev['custom:trigger'] ?? STANDARD[entry.name]?.trigger ?? '',
        step: dev['custom:step'] ?? STANDARD[entry.name]?.step ?? '',
      };
    })
    .sort(byName);
}

/** Everything that a decoder of a revision depends on: the lines of all events since then or before, retired ones too. */
export const hashOf = (contracts, revision = Infinity) =>
  keccak([...linesOf(contracts)].filter(([, { event }]) => minor(event.since) <= revision).map(([line]) => line).sort().join('\n'));

const minor = (since) => Number(since.split('.')[1]);

const linesOf = (contracts) =>
  new Map(contracts.flatMap((c) => c.events.map((event) => [canonicalLine(c.name, event), { contract: c.name, event }])));

const titleOf = ({ contract, event }) => `${contract}.${event.name}`;

/**
 * What `found` changes in the catalog, as canonical lines. gone: frozen, and no contract has it any more. dropped: the same of the open
 * revision. added: unknown so far. returned: retired, and a contract has it again.
 */
export function compare(catalog, found) {
  const before = linesOf(catalog.contracts);
  const after = linesOf(found);
  const missing = [...before].filter(([line, { event }]) => !after.has(line) && !event.retired);
  const isFrozen = ([, { event }]) => minor(event.since) <= catalog.frozen;
  const first = ([line]) => line;
  return {
    gone: missing.filter(isFrozen).map(first),
    dropped: missing.filter((one) => !isFrozen(one)).map(first),
    added: [...after.keys()].filter((line) => !before.has(line)),
    returned: [...before].filter(([line, { event }]) => after.has(line) && event.retired).map(first),
  };
}

/** The catalog after `found`; throws when a frozen event would change, or would retire without consent. */
export function extend(catalog, found, consent = []) {
  const changes = compare(catalog, found);
  const before = linesOf(catalog.contracts);
  refuseChanges(catalog, found, changes);
  refuseLosses(changes.gone.map((line) => [titleOf(before.get(line)), line]), consent);
  const open = `${catalog.version}.${catalog.frozen + 1}`;
  const after = joined(catalog, found, open);
  const named = [...linesOf(after).keys()].filter((line) => before.has(line)).map((line) => [line, before.get(line).event.record]);
  const contracts = withRecords(after, new Map(named));
  const events = contracts.flatMap((contract) => contract.events);
  const isOpen = events.some((event) => event.since === open || event.retired === open);
  const revision = catalog.frozen + (isOpen ? 1 : 0);
  return { ...catalog, revision, hash: hashOf(contracts), revisions: revisionsOf(catalog, contracts, revision), contracts };
}

/** Closes the open revision: from now on it is as frozen as those before. */
export function freeze(catalog) {
  if (catalog.revision === catalog.frozen)
    throw new Error(`expected events behind the frozen v${catalog.version}.${catalog.frozen}, found none`);
  return { ...catalog, frozen: catalog.revision };
}

// A name says what an event is, to every reader that goes by name: within a contract it never gets a second meaning.
function refuseChanges(catalog, found, { gone, added }) {
  const frozen = new Set(
    [...linesOf(catalog.contracts).values()].filter(({ event }) => minor(event.since) <= catalog.frozen).map(titleOf),
  );
  const names = new Set([...linesOf(found).values()].map(titleOf));
  const changed = gone.filter((line) => names.has(line.split('(')[0]));
  if (changed.length > 0)
    throw new Error(`v${catalog.version} changes by addition only; these frozen events would change:\n  ${changed.join('\n  ')}`);
  const overload = added.map((line) => line.split('(')[0]).find((title) => frozen.has(title));
  if (overload) throw new Error(`expected a new name for an added event, found an overload of the frozen ${overload}`);
}

function refuseLosses(gone, consent) {
  const lost = gone.filter(([title]) => !consent.includes(title));
  if (lost.length > 0)
    throw new Error(
      `no contract has these frozen events any more:\n  ${lost.map(([, line]) => line).join('\n  ')}\n` +
        `put them back, or say that no contract is to emit them: ./es catalog add ${lost.map(([title]) => `--retire ${title}`).join(' ')}`,
    );
  const idle = consent.find((title) => !gone.some(([one]) => one === title));
  if (idle) throw new Error(`expected ${idle} to be an event that the contracts no longer have and the catalog does, found otherwise`);
}

/** The contracts of the catalog in their order, then new ones; what no contract has any more keeps its place, marked retired. */
function joined(catalog, found, open) {
  const known = linesOf(catalog.contracts);
  const compiled = new Map(found.map((contract) => [contract.name, contract]));
  const names = new Set([...catalog.contracts, ...found].map((contract) => contract.name));
  return [...names].map((name) => {
    const present = (compiled.get(name)?.events ?? []).map((event) => ({
      ...event,
      since: known.get(canonicalLine(name, event))?.event.since ?? open,
    }));
    const lines = new Set(present.map((event) => canonicalLine(name, event)));
    const retired = (catalog.contracts.find((contract) => contract.name === name)?.events ?? [])
      .filter((event) => !lines.has(canonicalLine(name, event)) && minor(event.since) <= catalog.frozen)
      .map((event) => ({ ...event, retired: event.retired ?? open }));
    return { name, events: [...present, ...retired].sort(byName) };
  }).filter((contract) => compiled.has(contract.name) || contract.events.length > 0);
}

/** The hash of every revision; that of a frozen one comes out as it stands in the file, or something is wrong with the file. */
function revisionsOf(catalog, contracts, revision) {
  const revisions = Array.from({ length: revision + 1 }, (_, i) => ({ revision: i, hash: hashOf(contracts, i) }));
  for (const frozen of catalog.revisions.slice(0, catalog.frozen + 1))
    if (revisions[frozen.revision].hash !== frozen.hash)
      throw new Error(`expected hash ${frozen.hash} of v${catalog.version}.${frozen.revision}, found ${revisions[frozen.revision].hash}`);
  return revisions;
}

const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.signature < b.signature ? -1 : a.signature > b.signature ? 1 : 0);

/** The name under which streams store an event: its own, with the contract before it where another event has it already. */
function withRecords(contracts, named) {
  const taken = new Set(named.values());
  const counts = new Map();
  for (const event of contracts.flatMap((contract) => contract.events)) counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  return contracts.map((contract) => ({
    ...contract,
    events: contract.events.map(({ name, record: _, ...rest }) => {
      const frozen = named.get(canonicalLine(contract.name, { name, ...rest }));
      const record = frozen ?? (taken.has(name) || counts.get(name) > 1 ? contract.name + name : name);
      return { name, record, ...rest };
    }),
  }));
}

/** What forge has compiled, contract by contract; one of the catalog that is gone has no events any more. */
const compiledContracts = () =>
  contractNames().map((name) => {
    const { abi, docs } = compiled(name);
    return { name, events: eventsOf(abi, docs) };
  });

const textOf = (catalog) => `${JSON.stringify(catalog, null, 2)}\n`;

function write(catalog) {
  writeFileSync(jsonPath, textOf(catalog));
  writeFileSync(markdownPath, markdown(catalog));
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What a change means, a line for each event. */
function told(catalog, { gone, dropped, added, returned }) {
  const lines = (word, of) => of.map((line) => `${word.padEnd(9)}${line}`);
  return [
    ...lines('added', added),
    ...lines('retired', gone),
    ...lines('dropped', dropped),
    ...lines('returned', returned),
    summary(catalog),
  ].join('\n');
}

function summary(catalog) {
  const events = catalog.contracts.flatMap((contract) => contract.events);
  const retired = events.filter((event) => event.retired).length;
  const state = catalog.revision === catalog.frozen ? 'frozen' : 'open';
  return `catalog v${catalog.version}.${catalog.revision} (${state}): ${events.length} events, ${retired} of them retired, hash ${catalog.hash}`;
}

function main([mode, ...rest]) {
  const { values } = parseArgs({ args: rest, options: { retire: { type: 'string', multiple: true, default: [] } } });
  if (!['add', 'check', 'freeze'].includes(mode)) throw new Error(`expected catalog check, add or freeze, found '${mode}'`);
  const text = read(jsonPath);
  if (text === null) throw new Error(`expected the catalog at ${jsonPath}, found none`);
  const catalog = JSON.parse(text);
  const found = compiledContracts();
  const changes = compare(catalog, found);
  const next = extend(catalog, found, values.retire);
  if (mode === 'add') {
    write(next);
    return console.log(told(next, changes));
  }
  const differing = [...changes.added, ...changes.dropped, ...changes.returned];
  if (differing.length > 0)
    throw new Error(`contracts and catalog have different events:\n  ${differing.join('\n  ')}\nrun ./es catalog add`);
  if (textOf(next) !== text || markdown(next) !== read(markdownPath))
    throw new Error('meanings or catalog.md are not what the sources say; run ./es catalog add');
  if (mode === 'freeze') write(freeze(catalog));
  console.log(summary(mode === 'freeze' ? freeze(catalog) : catalog));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
