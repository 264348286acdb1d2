// The npm client graphql-ws against a server. usage: node websocket.mjs URL ; the last line is a JSON summary.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const client = createClient({ url: process.argv[2], webSocketImpl: WebSocket, retryAttempts: 0, lazyCloseTimeout: 200 });

function collect(request, stopAfter = Infinity) {
  return new Promise((resolve) => {
    const seen = [];
    const stop = client.subscribe(request, {
      next(value) { seen.push(value); if (seen.length >= stopAfter) stop(); },
      error(error) { resolve({ seen, error: Array.isArray(error) ? error.map((e) => e.extensions?.code) : String(error.reason ?? error) }); },
      complete() { resolve({ seen, complete: true }); },
    });
  });
}

const summary = {
  query: await collect({ query: '{ hello }' }),
  mutation: await collect({ query: 'mutation M($v: Int!) { set(value: $v) }', operationName: 'M', variables: { v: 3 } }),
  count: await collect({ query: 'subscription { count(to: 5) }' }),
  parallel: (await Promise.all([1, 2, 3, 4].map((n) => collect({ query: `subscription { count(to: ${n * 10}) }` })))).map((r) => r.seen.length),
  stopped: await collect({ query: 'subscription { forever }' }, 1),
  invalid: await collect({ query: '{ nope }' }),
  refused: await collect({ query: 'subscription { refused }' }),
  broken: await collect({ query: 'subscription { broken }' }),
};
await client.dispose();
console.log(JSON.stringify(summary));
process.exit(0);
