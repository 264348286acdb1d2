// Commands over HTTP. Enters: names and arguments. Leaves: what a command would do, its place in the relayer's journal,
// its way. Always holds: what is signed is what was asked for: chain, forwarder, sender and value are compared before
// the wallet sees it; a refusal keeps its code, what was expected and what was found.
import { session } from './session.js';

const REQUEST_MS = 30_000;

/**
 * @typedef {{ type: string, description?: string, pattern?: string, properties?: Record<string, Schema>,
 *   items?: Schema, minItems?: number, maxItems?: number }} Schema
 * @typedef {{ name: string, contract: string, function: string, sender: string, effect: string, isRelayed: boolean,
 *   arguments: Schema }} Command
 * @typedef {{ command: string, isLegal: boolean | null, sender: string, effect: string,
 *   arguments: Record<string, string>, reason?: { code: string, expected: string, found: string } }} Action
 */

/** A refusal of the host: problem+json. */
export class Refused extends Error {
  /** @param {any} problem @param {number} status */
  constructor(problem, status) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.code = String(problem.code ?? 'Refused');
    this.expected = problem.expected === undefined ? null : String(problem.expected);
    this.found = problem.found === undefined ? null : String(problem.found);
    this.where = problem.where === undefined ? null : String(problem.where);
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<any>} */
async function call(path, init = {}) {
  let answer;
  let body;
  try {
    answer = await fetch(path, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
    body = await answer.json();
  } catch {
    if (answer?.status === 404)
      throw new Error('This host takes no commands: start it with the role commands. Reading goes on.');
    throw new Error(
      answer
        ? `Expected an answer of the commands, found status ${answer.status} of another kind.`
        : 'The API does not answer. Nothing was taken; try again.',
    );
  }
  if (!answer.ok) throw new Refused(body, answer.status);
  return body;
}

/** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] */
const post = (path, body, headers = {}) =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** @type {Promise<Map<string, Command>> | null} */
let table = null;

/** Every command by its name. */
export function commands() {
  table ??= call('/v1/commands').then(
    ({ commands: all }) => new Map(all.map((/** @type {Command} */ one) => [one.name, one])),
    (fault) => {
      table = null;
      throw fault;
    },
  );
  return table;
}

/** What the account may do about a thing; without one, what it may begin. @param {string} id @param {string} account
 * @returns {Promise<Action[]>} */
export const nextActions = async (id, account) =>
  (await call(`/v1/next-actions?${new URLSearchParams({ ...(id ? { id } : {}), as: account })}`)).actions;

/** What a command would do now. @param {string} name @param {string} account @param {Record<string, unknown>} values */
export const prepare = (name, account, values) =>
  post(`/v1/commands/${name}`, { mode: 'prepare', as: account, arguments: values });

/** The commands of an account, the newest first. @param {string} account @returns {Promise<any[]>} */
export const commandsOf = async (account) => (await call(`/v1/accounts/${account}/commands`)).commands;

/** How a command is. @param {string} id */
export const statusOf = (id) => call(`/v1/commands/${id}`);

/**
 * Has the wallet sign what was prepared, and hands it to the relayer. The key makes a second try the same command.
 * @param {string} name @param {any} prepared @param {string} key
 */
export async function relay(name, prepared, key) {
  const { chainId, forwarder, request, typedData } = prepared.relay;
  const home = await session.home();
  const ours = await session.contract('forwarder');
  same('chain', home.chainId, chainId);
  same('chain in the wallet', home.chainId, session.chainId);
  same('chain of the signature', home.chainId, Number(typedData.domain.chainId));
  same('forwarder', ours.toLowerCase(), String(forwarder).toLowerCase());
  same('forwarder of the signature', ours.toLowerCase(), String(typedData.domain.verifyingContract).toLowerCase());
  same('sender', session.account, String(typedData.message.from).toLowerCase());
  same('value', '0', String(typedData.message.value));
  for (const part of ['from', 'to', 'value', 'gas', 'nonce', 'deadline', 'data'])
    same(part, String(request[part]), String(typedData.message[part]));
  const signature = await session.ask('eth_signTypedData_v4', [session.account, JSON.stringify(typedData)]);
  return post(
    `/v1/commands/${name}`,
    { mode: 'relay', chainId, forwarder, request, signature },
    { 'Idempotency-Key': key },
  );
}

/** A command that no relayer brings: the wallet sends it, and its account pays for the gas. @param {any} prepared */
export function sendOwn({ transaction }) {
  const { to, value, data, gas } = transaction;
  return session.ask('eth_sendTransaction', [{ from: session.account, to, value, data, gas }]);
}

/** @param {string} what @param {unknown} expected @param {unknown} found */
function same(what, expected, found) {
  if (expected !== found)
    throw new Error(
      `This is not what you asked for, and was not signed: expected ${what} ${expected}, found ${found}.`,
    );
}

/**
 * Follows a command over server-sent events until nothing can happen to it any more.
 * @param {string} id @param {(status: any) => void} heard @returns {() => void} ends it
 */
export function watch(id, heard) {
  const stream = new EventSource(`/v1/commands/${id}/events`);
  const end = () => stream.close();
  for (const phase of PHASES)
    stream.addEventListener(phase, (event) => {
      const status = JSON.parse(/** @type {MessageEvent} */ (event).data);
      if (status.isOver) end();
      heard(status);
    });
  return end;
}

export const PHASES = ['received', 'simulated', 'signed', 'broadcast', 'included', 'finalized', 'failed', 'expired'];
