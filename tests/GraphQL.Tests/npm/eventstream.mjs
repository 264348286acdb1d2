// The npm client graphql-sse against a server, in both of its modes. usage: node eventstream.mjs URL ; the last line is JSON.
import { createClient } from 'graphql-sse';

async function run(singleConnection) {
  const client = createClient({ url: process.argv[2], singleConnection, retryAttempts: 0, lazy: true });
  function collect(request, stopAfter = Infinity) {
    return new Promise((resolve) => {
      const seen = [];
      const stop = client.subscribe(request, {
        next(value) { seen.push(value); if (seen.length >= stopAfter) stop(); },
        error(error) { resolve({ seen, error: String(error.message ?? error) + (error.cause ? `: ${error.cause}` : '') }); },
        complete() { resolve({ seen, complete: true }); },
      });
    });
  }
  const summary = {
    query: await collect({ query: '{ hello(name: "sse") }' }),
    count: await collect({ query: 'subscription C($n: Int!) { count(to: $n) }', variables: { n: 5 } }),
    parallel: (await Promise.all([1, 2, 3].map((n) => collect({ query: `subscription { count(to: ${n * 10}) }` })))).map((r) => r.error ?? r.seen.length),
    stopped: await collect({ query: 'subscription { forever }' }, 1),
    invalid: await collect({ query: '{ nope }' }),
  };
  client.dispose();
  return summary;
}

const distinct = await run(false);
const single = await run(true);
console.log(JSON.stringify({ distinct, single }));
process.exit(0);
