// The audit suite of graphql-http against a server. usage: node audit.mjs URL ; the last line is a JSON summary.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2], fetchFn: fetch });
for (const result of results) if (result.status !== 'ok') console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}`);
console.log(JSON.stringify({
  total: results.length,
  ok: results.filter((r) => r.status === 'ok').length,
  notOk: results.filter((r) => r.status !== 'ok').map((r) => `${r.id} ${r.name}: ${r.reason}`),
}));
process.exit(0);
