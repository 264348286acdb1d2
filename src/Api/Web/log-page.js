// The page of the audit log: asks for the checkpoint and for one event, and verifies both with log-check.js. Enters: the
// address (?position=N, ?key=...). Leaves: what holds, in words.
import { parseKey, verifyCheckpoint, verifyProof } from '/log/check.js';

const show = (id, text) => { document.getElementById(id).textContent = text; };
const asked = new URLSearchParams(location.search);

const text = async (path) => {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(`${path}: ${(await reply.text()).trim()}`);
  return reply.text();
};

const event = async (position) => {
  const query = 'query($after: String) { events(first: 1, after: $after) { nodes { position leaf proof } } }';
  const after = position > 1 ? `${position - 1}.0.${'0'.repeat(32)}` : null;
  const reply = await fetch('/graphql', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables: { after } }),
  });
  const [found] = (await reply.json()).data.events.nodes;
  if (found?.position !== position) throw new Error(`expected event ${position}, found none`);
  if (!found.proof) throw new Error(`expected a proof of event ${position}, found none: the published checkpoint does not cover it yet`);
  return found;
};

const prove = async (log) => {
  const position = Number(document.getElementById('position').value);
  if (!Number.isSafeInteger(position) || position < 1) return;
  try {
    const { leaf, proof } = await event(position);
    show('leaf', leaf);
    const { index, checkpoint } = await verifyProof(proof, leaf, log);
    show('proof', `verified: leaf ${index} of ${checkpoint.size}`);
  } catch (fault) {
    show('proof', `not verified: ${fault.message}`);
  }
};

try {
  const given = asked.get('key')?.replaceAll(' ', '+') ?? (await text('/log/keys')).split('\n')[0];
  show('key', given);
  const log = await parseKey(given);
  const checkpoint = await verifyCheckpoint(await text('/log/checkpoint'), log);
  show('checkpoint', `verified: ${checkpoint.size} leaves, signed by ${checkpoint.origin}`);
  const input = document.getElementById('position');
  input.addEventListener('change', () => prove(log));
  if (asked.has('position')) {
    input.value = asked.get('position');
    await prove(log);
  }
} catch (fault) {
  show('checkpoint', `not verified: ${fault.message}`);
}

document.documentElement.dataset.done = 'yes';
