// A client of ERC-8004, written from the standard's text (and ERC-721, ERC-4906 and ERC-165), lives a whole life against the registries.
// The type that a new wallet signs is that of the standard's reference registries; the text names only EIP-712.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keccak256, parseAbi, toHex, zeroAddress, zeroHash } from 'viem';
import { ground } from './ground.mjs';

const identity = parseAbi([
  'struct MetadataEntry { string metadataKey; bytes metadataValue; }',
  'function register(string agentURI, MetadataEntry[] metadata) external returns (uint256 agentId)',
  'function setAgentURI(uint256 agentId, string newURI) external',
  'function getMetadata(uint256 agentId, string metadataKey) external view returns (bytes)',
  'function setMetadata(uint256 agentId, string metadataKey, bytes metadataValue) external',
  'function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes signature) external',
  'function getAgentWallet(uint256 agentId) external view returns (address)',
  'function unsetAgentWallet(uint256 agentId) external',
  'event Registered(uint256 indexed agentId, string agentURI, address indexed owner)',
  'event MetadataSet(uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue)',
  'event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy)',
  // ERC-721, ERC-165, ERC-4906
  'function ownerOf(uint256 tokenId) external view returns (address)',
  'function tokenURI(uint256 tokenId) external view returns (string)',
  'function safeTransferFrom(address from, address to, uint256 tokenId) external',
  'function supportsInterface(bytes4 interfaceID) external view returns (bool)',
  'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
  'event MetadataUpdate(uint256 _tokenId)',
  // The reference registries
  'function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool)',
  'function getVersion() external pure returns (string)',
]);

const reputation = parseAbi([
  'function getIdentityRegistry() external view returns (address identityRegistry)',
  'function giveFeedback(uint256 agentId, int128 value, uint8 valueDecimals, string tag1, string tag2, string endpoint, string feedbackURI, bytes32 feedbackHash) external',
  'function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external',
  'function appendResponse(uint256 agentId, address clientAddress, uint64 feedbackIndex, string responseURI, bytes32 responseHash) external',
  'function getSummary(uint256 agentId, address[] clientAddresses, string tag1, string tag2) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals)',
  'function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex) external view returns (int128 value, uint8 valueDecimals, string tag1, string tag2, bool isRevoked)',
  'function readAllFeedback(uint256 agentId, address[] clientAddresses, string tag1, string tag2, bool includeRevoked) external view returns (address[] clients, uint64[] feedbackIndexes, int128[] values, uint8[] valueDecimals, string[] tag1s, string[] tag2s, bool[] revokedStatuses)',
  'function getResponseCount(uint256 agentId, address clientAddress, uint64 feedbackIndex, address[] responders) external view returns (uint64 count)',
  'function getClients(uint256 agentId) external view returns (address[])',
  'function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64)',
  'event NewFeedback(uint256 indexed agentId, address indexed clientAddress, uint64 feedbackIndex, int128 value, uint8 valueDecimals, string indexed indexedTag1, string tag1, string tag2, string endpoint, string feedbackURI, bytes32 feedbackHash)',
  'event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex)',
  'event ResponseAppended(uint256 indexed agentId, address indexed clientAddress, uint64 feedbackIndex, address indexed responder, string responseURI, bytes32 responseHash)',
]);

const validation = parseAbi([
  'function getIdentityRegistry() external view returns (address identityRegistry)',
  'function validationRequest(address validatorAddress, uint256 agentId, string requestURI, bytes32 requestHash) external',
  'function validationResponse(bytes32 requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag) external',
  'function getValidationStatus(bytes32 requestHash) external view returns (address validatorAddress, uint256 agentId, uint8 response, bytes32 responseHash, string tag, uint256 lastUpdate)',
  'function getSummary(uint256 agentId, address[] validatorAddresses, string tag) external view returns (uint64 count, uint8 averageResponse)',
  'function getAgentValidations(uint256 agentId) external view returns (bytes32[] requestHashes)',
  'function getValidatorRequests(address validatorAddress) external view returns (bytes32[] requestHashes)',
  'event ValidationRequest(address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash)',
  'event ValidationResponse(address indexed validatorAddress, uint256 indexed agentId, bytes32 indexed requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag)',
]);

let chain;
let owner;
let client;
let other;
let agentId;
let at;

before(async () => {
  chain = await ground();
  [owner, client, other] = chain.people;
  at = chain.contracts;
});

after(() => chain.stop());

const named = (logs, name) => logs.filter((log) => log.eventName === name).map((log) => log.args);

test('An agent is registered with metadata, one event each', async () => {
  const uri = 'https://agent.example/registration.json';
  const logs = await chain.send(owner, at.agentRegistry, identity, 'register', [uri, [{ metadataKey: 'price', metadataValue: '0x05' }]]);
  const [registered] = named(logs, 'Registered');
  agentId = registered.agentId;
  assert.equal(registered.agentURI, uri);
  assert.equal(named(logs, 'Transfer').length, 1);
  assert.deepEqual(named(logs, 'MetadataSet').map((one) => one.metadataKey), ['agentWallet', 'price']);
  assert.equal(await chain.read(at.agentRegistry, identity, 'ownerOf', [agentId]), owner.address);
  assert.equal(await chain.read(at.agentRegistry, identity, 'tokenURI', [agentId]), uri);
  assert.equal(await chain.read(at.agentRegistry, identity, 'getMetadata', [agentId, 'price']), '0x05');
  assert.equal(await chain.read(at.agentRegistry, identity, 'getAgentWallet', [agentId]), owner.address);
});

test('Its registration file moves, in the words of both standards', async () => {
  assert.equal(await chain.read(at.agentRegistry, identity, 'supportsInterface', ['0x49064906']), true);
  const logs = await chain.send(owner, at.agentRegistry, identity, 'setAgentURI', [agentId, 'ipfs://new']);
  assert.deepEqual(named(logs, 'URIUpdated'), [{ agentId, newURI: 'ipfs://new', updatedBy: owner.address }]);
  assert.deepEqual(named(logs, 'MetadataUpdate'), [{ _tokenId: agentId }]);
});

test('A wallet signs for the agent and is taken away again', async () => {
  const deadline = (await chain.now()) + 200n;
  const signature = await other.signTypedData({
    domain: { name: 'ERC8004IdentityRegistry', version: '1', chainId: 4827, verifyingContract: at.agentRegistry },
    types: {
      AgentWalletSet: [
        { name: 'agentId', type: 'uint256' },
        { name: 'newWallet', type: 'address' },
        { name: 'owner', type: 'address' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'AgentWalletSet',
    message: { agentId, newWallet: other.address, owner: owner.address, deadline },
  });
  await chain.send(owner, at.agentRegistry, identity, 'setAgentWallet', [agentId, other.address, deadline, signature]);
  assert.equal(await chain.read(at.agentRegistry, identity, 'getAgentWallet', [agentId]), other.address);
  assert.equal(await chain.read(at.agentRegistry, identity, 'isAuthorizedOrOwner', [other.address, agentId]), false);
  await chain.send(owner, at.agentRegistry, identity, 'unsetAgentWallet', [agentId]);
  assert.equal(await chain.read(at.agentRegistry, identity, 'getAgentWallet', [agentId]), zeroAddress);
  await assert.rejects(chain.send(owner, at.agentRegistry, identity, 'setMetadata', [agentId, 'agentWallet', '0x00']));
});

test('Feedback is given, answered, summed up and taken back', async () => {
  assert.equal((await chain.read(at.reputation, reputation, 'getIdentityRegistry')).toLowerCase(), at.agentRegistry.toLowerCase());
  const give = (from, value, decimals, tag) =>
    chain.send(from, at.reputation, reputation, 'giveFeedback', [agentId, value, decimals, tag, '', 'https://a.example', '', zeroHash]);
  const [given] = await give(client, 87n, 0, 'starred');
  assert.deepEqual([given.args.feedbackIndex, given.args.value, given.args.tag1], [1n, 87n, 'starred']);
  await give(client, 9977n, 2, 'uptime');
  await give(other, 90n, 0, 'starred');
  await assert.rejects(give(owner, 100n, 0, 'starred'));
  const [answered] = await chain.send(owner, at.reputation, reputation, 'appendResponse', [agentId, client.address, 1n, 'ipfs://thanks', zeroHash]);
  assert.equal(answered.args.responder, owner.address);
  await chain.send(other, at.reputation, reputation, 'appendResponse', [agentId, client.address, 2n, 'ipfs://spam', zeroHash]);
  const count = (who, index, responders) => chain.read(at.reputation, reputation, 'getResponseCount', [agentId, who, index, responders]);
  assert.equal(await count(zeroAddress, 0n, []), 2n);
  assert.equal(await count(client.address, 0n, []), 2n);
  assert.equal(await count(client.address, 1n, []), 1n);
  assert.equal(await count(zeroAddress, 0n, [other.address]), 1n);
  const clients = await chain.read(at.reputation, reputation, 'getClients', [agentId]);
  assert.deepEqual(clients, [client.address, other.address]);
  const summary = (tag) => chain.read(at.reputation, reputation, 'getSummary', [agentId, clients, tag, '']);
  assert.deepEqual(await summary('starred'), [2n, 88n, 0]);
  await chain.send(other, at.reputation, reputation, 'revokeFeedback', [agentId, 1n]);
  assert.deepEqual(await summary('starred'), [1n, 87n, 0]);
  assert.deepEqual(await chain.read(at.reputation, reputation, 'readFeedback', [agentId, client.address, 2n]), [9977n, 2, 'uptime', '', false]);
  const all = await chain.read(at.reputation, reputation, 'readAllFeedback', [agentId, [], '', '', true]);
  assert.deepEqual(all[6], [false, false, true]);
  assert.equal(await chain.read(at.reputation, reputation, 'getLastIndex', [agentId, client.address]), 2n);
});

test('Work is validated, twice by the same validator', async () => {
  const hash = keccak256(toHex('the payload of the request'));
  const [asked] = await chain.send(owner, at.validation, validation, 'validationRequest', [other.address, agentId, 'ipfs://request', hash]);
  assert.equal(asked.args.requestHash, hash);
  const answer = (response, tag) =>
    chain.send(other, at.validation, validation, 'validationResponse', [hash, response, '', zeroHash, tag]);
  await answer(40, 'soft finality');
  await answer(100, 'hard finality');
  await assert.rejects(answer(101, ''));
  const [validator, ofAgent, response, , tag, lastUpdate] = await chain.read(at.validation, validation, 'getValidationStatus', [hash]);
  assert.deepEqual([validator, ofAgent, response, tag], [other.address, agentId, 100, 'hard finality']);
  assert.equal(lastUpdate, await chain.now());
  assert.deepEqual(await chain.read(at.validation, validation, 'getSummary', [agentId, [], '']), [1n, 100]);
  assert.deepEqual(await chain.read(at.validation, validation, 'getAgentValidations', [agentId]), [hash]);
  assert.deepEqual(await chain.read(at.validation, validation, 'getValidatorRequests', [other.address]), [hash]);
});

test('The agent is sold like any token', async () => {
  await chain.send(owner, at.agentRegistry, identity, 'safeTransferFrom', [owner.address, client.address, agentId]);
  assert.equal(await chain.read(at.agentRegistry, identity, 'ownerOf', [agentId]), client.address);
  assert.equal(await chain.read(at.agentRegistry, identity, 'getVersion'), '2.0.0');
});
