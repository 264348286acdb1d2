// Prints a host's /status for people. Enters: its address. Leaves: a few lines; exit 0 when it is ready, 1 when it is not or does not answer.
const url = process.argv[2];
const reply = await fetch(`${url}/status`, { signal: AbortSignal.timeout(5000) }).catch((fault) => fault);
if (!reply.ok) {
  console.log(`          expected an answer at ${url}/status, found ${reply.status ?? reply.cause?.code ?? reply.message}`);
  process.exit(1);
}

const status = await reply.json();
const number = (value) => (value ?? 0).toLocaleString('en-US');
const line = (name, text) => console.log(`  ${name.padEnd(12)}${text}`);
line('phase', status.phase);
line('block', `${number(status.tip?.number)} of ${number(status.chainHead)}, ${number(status.lag)} behind; final ${number(status.finalized?.number)}`);
line('events', `${number(status.lastSequence)}; ${number(status.reorgs)} reorgs, ${number(status.violations)} integrity violations since the start`);
if (status.rebuildShare != null) line('rebuilding', `${Math.floor(status.rebuildShare * 100)} %`);
for (const key of status.logKeys ?? []) line('log key', key);
line('ready', status.ready ? 'yes' : `no: ${status.reasons.join('; ')}`);
process.exit(status.ready ? 0 : 1);
