# ./es chain: an anvil of our own in .data/anvil, its state kept between starts, with the economy deployed on it.
# shellcheck shell=bash
# shellcheck disable=SC2153 # ES_CHAIN_ID comes from ./es

ES_CHAIN_DIR=$ES_DATA/anvil
ES_CHAIN_PID=$ES_CHAIN_DIR/pid

es_chain() {
  case ${1:-} in
    start) chain_start ;;
    stop) chain_stop ;;
    deploy) chain_start; chain_deploy ;;
    *) fail "expected ./es chain start|stop|deploy, found '${1:-}'" ;;
  esac
}

chain_url() { printf 'http://127.0.0.1:%s' "$ES_CHAIN_PORT"; }

foundry() { printf '%s/contracts/node_modules/@foundry-rs/%s-linux-amd64/bin/%s' "$ES_ROOT" "$1" "$1"; }

chain_start() {
  need_npm "$ES_ROOT/contracts"
  if running "$ES_CHAIN_PID"; then
    chain_ready || fail "our anvil runs, but not on port $ES_CHAIN_PORT; ./es chain stop stops it"
    return 0
  fi
  ! port_taken "$ES_CHAIN_PORT" || fail "port $ES_CHAIN_PORT is taken, and not by our anvil; choose another: ES_CHAIN_PORT=18546 ./es ..."
  mkdir -p "$ES_CHAIN_DIR"
  say "starting anvil on port $ES_CHAIN_PORT"
  # A genesis block of the same time has the same hash after a restart: anvil's saved state does not bring it back.
  [ -s "$ES_CHAIN_DIR/genesis-time" ] || date +%s >"$ES_CHAIN_DIR/genesis-time"
  # A session of its own keeps Ctrl-C from it: it is stopped in its turn and writes its state.
  setsid "$(foundry anvil)" --host 127.0.0.1 --port "$ES_CHAIN_PORT" --chain-id "$ES_CHAIN_ID" \
    --state "$ES_CHAIN_DIR/state.json" --state-interval 30 --max-persisted-states 128 \
    --timestamp "$(cat "$ES_CHAIN_DIR/genesis-time")" --cache-path "$ES_CHAIN_DIR/cache" \
    >"$ES_CHAIN_DIR/log" 2>&1 </dev/null &
  printf '%s\n' $! >"$ES_CHAIN_PID"
  wait_for 60 "anvil's answer on port $ES_CHAIN_PORT (its log: $ES_CHAIN_DIR/log)" chain_ready
  chain_now || fail "anvil did not take the time of day; its log is $ES_CHAIN_DIR/log"
}

# Sets anvil's clock: it would go on from the genesis block's time. A chain that lived faster than this machine is ahead of it, and time
# never goes back.
chain_now() {
  node --input-type=module -e '
    const ask = async (method, params) => {
      const reply = await fetch(process.argv[1], { method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
      const { result, error } = await reply.json();
      if (error) throw new Error(error.message);
      return result;
    };
    const newest = await ask("eth_getBlockByNumber", ["latest", false]);
    await ask("evm_setTime", [Math.max(Math.floor(Date.now() / 1000), Number(newest.timestamp) + 1)]);
  ' "$(chain_url)"
}

# Asks anvil for its chain id; node is there in any case, curl is not.
chain_ready() {
  node -e '
    fetch(process.argv[1], { method: "POST", headers: { "content-type": "application/json" }, signal: AbortSignal.timeout(2000),
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }) })
      .then((reply) => reply.json())
      .then((reply) => process.exit(Number(reply.result) === Number(process.argv[2]) ? 0 : 1), () => process.exit(1))
  ' "$(chain_url)" "$ES_CHAIN_ID"
}

chain_stop() {
  running "$ES_CHAIN_PID" || return 0
  say "stopping anvil"
  stop_process "$ES_CHAIN_PID" 60
}

# Deploys the economy unless deployment.json names one that is on the chain.
chain_deploy() {
  node "$ES_ROOT/contracts/tools/deploy.mjs" --rpc "$(chain_url)" --out "$ES_DATA/deployment.json" ||
    fail "the contracts could not be deployed"
}
