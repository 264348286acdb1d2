// The frozen event catalog. Enters: the compiled ABI and NatSpec of every deployed contract. Leaves:
// docs/events/catalog.v1.json (machine) and catalog.md (people). Within v1 an event may be added, nothing else changed:
// `check` refuses any difference, `add` takes new events in under the next revision, and refuses everything else too.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sha3 from 'js-sha3';
import { artifactOf, compiled, contractsFolder, wiringFields } from './wiring.mjs';
import { markdown } from './catalog-markdown.mjs';

const folder = join(contractsFolder, '..', 'docs', 'events');
const jsonPath = join(folder, 'catalog.v1.json');
const markdownPath = join(folder, 'catalog.md');

export const keccak = (text) => `0x${sha3.keccak256(text)}`;

const canonicalType = (field) =>
  field.type.startsWith('tuple')
    ? `(${field.components.map(canonicalType).join(',')})${field.type.slice('tuple'.length)}`
    : field.type;

const field = (input, meanings) => ({
  name: input.name,
  type: input.type,
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
  Approval: { meaning: 'ERC-20 / ERC-721: somebody may spend the value, or take the token.', trigger: 'the holder or owner', step: 'Allowance: value' },
  ApprovalForAll: { meaning: 'ERC-721: an operator may act for all agents of an owner, or no longer.', trigger: 'the owner', step: 'Agent: operators' },
  Transfer: { meaning: 'ERC-20 / ERC-721: tokens, or an agent, changed hands; from 0: created.', trigger: 'the holder, or whom it approved', step: 'Holder: balance; Agent: owner' },
  DelegateVotesChanged: { meaning: 'ERC-5805: an owner votes with another weight: what its agents have bonded.', trigger: 'every move of stake; a transfer of an agent', step: 'Votes: checkpoint' },
  ExecutedForwardRequest: { meaning: 'ERC-2771: a signed request was relayed; its nonce is used.', trigger: 'anyone with the signed request', step: 'Signer: nonce + 1' },
  RoleGranted: { meaning: 'Somebody holds a role.', trigger: 'the timelock; the deployment', step: 'Role: held' },
  RoleRevoked: { meaning: 'Somebody no longer holds a role.', trigger: 'the timelock; the holder by renouncing', step: 'Role: not held' },
  ProposalCreated: { meaning: 'A proposal stands; votes count from voteStart to voteEnd.', trigger: 'an owner with enough stake', step: 'Proposal: -> Pending' },
  VoteCast: { meaning: 'A vote: 0 against, 1 for, 2 abstain.', trigger: 'an owner with stake at the snapshot', step: 'Proposal: Active' },
  VoteCastWithParams: { meaning: 'A vote that came with parameters; they change nothing.', trigger: 'an owner with stake at the snapshot', step: 'Proposal: Active' },
  ProposalQueued: { meaning: 'An accepted proposal waits in the timelock until etaSeconds.', trigger: 'anyone', step: 'Proposal: Succeeded -> Queued' },
  ProposalExecuted: { meaning: 'The calls of a proposal were made.', trigger: 'anyone, from etaSeconds', step: 'Proposal: Queued -> Executed' },
  ProposalCanceled: { meaning: 'A proposal was taken back or vetoed.', trigger: 'the proposer before the vote; the council', step: 'Proposal: -> Canceled' },
  TimelockChange: { meaning: 'Which timelock executes for the governor.', trigger: 'the deployment', step: 'Governor: timelock' },
  CallScheduled: { meaning: 'A call waits in the timelock.', trigger: 'the governor', step: 'Operation: -> Waiting' },
  CallExecuted: { meaning: 'A call of an operation was made.', trigger: 'anyone, once its delay is over', step: 'Operation: Ready -> Done' },
  CallSalt: { meaning: 'The salt of a scheduled operation.', trigger: 'the governor', step: 'Operation: -> Waiting' },
  Cancelled: { meaning: 'An operation of the timelock was cancelled.', trigger: 'the governor; the council', step: 'Operation: Waiting -> Cancelled' },
  MinDelayChange: { meaning: 'The least delay of the timelock.', trigger: 'the timelock itself; the deployment', step: 'Timelock: delay' },
};

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
      return {
        name: entry.name,
        signature,
        topic0: keccak(signature),
        fields: entry.inputs.map((input) => field(input, dev.params)),
        meaning: user.notice ?? STANDARD[entry.name]?.meaning ?? dev.details ?? '',
        trigger: dev['custom:trigger'] ?? STANDARD[entry.name]?.trigger ?? '',
        step: dev['custom:step'] ?? STANDARD[entry.name]?.step ?? '',
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.signature < b.signature ? -1 : 1));
}

export const hashOf = (contracts) =>
  keccak(contracts.flatMap((contract) => contract.events.map((event) => canonicalLine(contract.name, event))).sort().join('\n'));

/** What would have to be refused, and what is new, when `found` follows `frozen`. */
export function compare(frozen, found) {
  const lines = (contracts) =>
    new Map(contracts.flatMap((c) => c.events.map((event) => [canonicalLine(c.name, event), { contract: c.name, event }])));
  const before = lines(frozen);
  const after = lines(found);
  const gone = [...before.keys()].filter((line) => !after.has(line));
  const added = [...after.keys()].filter((line) => !before.has(line));
  return { gone, added };
}

/** Takes new events in under the next revision; throws when a frozen event would change. */
export function extend(catalog, found) {
  const { gone, added } = compare(catalog.contracts, found);
  if (gone.length > 0)
    throw new Error(`v${catalog.version} changes by addition only; these frozen events would change or vanish:\n  ${gone.join('\n  ')}`);
  // A second event of one name in one contract would be ambiguous to every reader that goes by name.
  for (const line of added) {
    const [contract, name] = line.split('(')[0].split('.');
    const frozen = catalog.contracts.find((one) => one.name === contract);
    if (frozen?.events.some((event) => event.name === name))
      throw new Error(`expected a new name for an added event, found an overload of the frozen ${contract}.${name}`);
  }
  const revision = added.length > 0 ? catalog.revision + 1 : catalog.revision;
  const since = new Map(catalog.contracts.flatMap((c) => c.events.map((event) => [canonicalLine(c.name, event), event.since])));
  const named = new Map(catalog.contracts.flatMap((c) => c.events.map((event) => [canonicalLine(c.name, event), event.record])));
  const contracts = withSince(withRecords(found, named), (line) => since.get(line) ?? `${catalog.version}.${revision}`);
  return { ...catalog, revision, hash: hashOf(contracts), contracts };
}

/** The name under which streams store an event: its own, with the contract before it where another event has it already. */
function withRecords(contracts, named) {
  const taken = new Set(named.values());
  const counts = new Map();
  for (const event of contracts.flatMap((contract) => contract.events)) counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  return contracts.map((contract) => ({
    ...contract,
    events: contract.events.map(({ name, ...rest }) => {
      const frozen = named.get(canonicalLine(contract.name, { name, ...rest }));
      const record = frozen ?? (taken.has(name) || counts.get(name) > 1 ? contract.name + name : name);
      return { name, record, ...rest };
    }),
  }));
}

export const withSince = (contracts, since) =>
  contracts.map((contract) => ({
    ...contract,
    events: contract.events.map((event) => ({ ...event, since: since(canonicalLine(contract.name, event)) })),
  }));

function compiledContracts() {
  return wiringFields(compiled('Vault').abi)
    .map(artifactOf)
    .map((name) => {
      const { abi, docs } = compiled(name);
      return { name, events: eventsOf(abi, docs) };
    });
}

const write = (catalog) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(jsonPath, `${JSON.stringify(catalog, null, 2)}\n`);
  writeFileSync(markdownPath, markdown(catalog));
};

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function main(mode) {
  const found = compiledContracts();
  const text = read(jsonPath);
  if (mode === 'freeze') {
    if (text !== null) throw new Error('the catalog is frozen already; add events with ./es contracts catalog add');
    const contracts = withSince(withRecords(found, new Map()), () => '1.0');
    return write({ version: 1, revision: 0, hash: hashOf(contracts), contracts });
  }
  if (text === null) throw new Error(`expected the frozen catalog at ${jsonPath}, found none`);
  const frozen = JSON.parse(text);
  const next = extend(frozen, found);
  if (mode === 'add') return write(next);
  if (mode !== 'check') throw new Error(`expected catalog check, add or freeze, found '${mode}'`);
  if (next.revision !== frozen.revision)
    throw new Error(`the contracts have events that the catalog does not know:\n  ${compare(frozen.contracts, found).added.join('\n  ')}\nrun ./es contracts catalog add`);
  if (`${JSON.stringify(next, null, 2)}\n` !== text || markdown(next) !== read(markdownPath))
    throw new Error('meanings or catalog.md are not what the sources say; run ./es contracts catalog add');
  console.log(`catalog v${frozen.version}.${frozen.revision}: ${found.reduce((sum, c) => sum + c.events.length, 0)} events, hash ${frozen.hash}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main(process.argv[2]);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
