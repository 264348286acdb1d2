# ./es up [--empty]: everything on embedded defaults, in the foreground: database, chain, contracts, the host, and people who live there. Ctrl-C
# stops what was started, in its turn, and keeps the data.
# shellcheck shell=bash

ES_HOST_PID=$ES_DATA/host/pid
ES_WORLD_PID=$ES_DATA/host/world.pid
ES_WORLD_DLL=$ES_ROOT/bench/World/bin/Release/net10.0/EventSourced.World.dll

es_up() {
  local world=yes
  case "$*" in
    '') ;;
    --empty) world=no ;;
    *) fail "expected ./es up [--empty], found '$*'" ;;
  esac
  need_npm "$ES_ROOT/contracts"
  host_build
  [ "$world" = no ] || world_build
  trap up_stop EXIT
  trap 'exit 0' INT TERM
  db_start
  chain_start
  chain_deploy
  up_host
  [ "$world" = no ] || up_world
  cat <<TEXT

  The economy is up.
    ready?     $(host_url)/readyz     why or why not
    status     $(host_url)/status     metrics $(host_url)/metrics
    chain      $(chain_url)   chain id $ES_CHAIN_ID
    contracts  $ES_DATA/deployment.json
    database   $(database_url)
    logs       $(host_log indexer)$([ "$world" = no ] || printf ', %s' "$(host_log world)")

  Ctrl-C stops it; ./es up continues with the same data. ./es replay --verify, beside it, proves the database.
TEXT
  up_watch
}

host_url() { printf 'http://127.0.0.1:%s' "$ES_HOST_PORT"; }

# A session of its own keeps Ctrl-C from each part: up_stop ends them in their turn.
up_host() {
  ! running "$ES_HOST_PID" || fail "our host runs already (process $(cat "$ES_HOST_PID")); stop the ./es up that it belongs to"
  ! port_taken "$ES_HOST_PORT" || fail "port $ES_HOST_PORT is taken, and not by our host; choose another: ES_HOST_PORT=18081 ./es ..."
  say "starting the indexer on port $ES_HOST_PORT"
  (
    unset ES_CONFIG ES_BIND
    export ES_ROLES=indexer ES_PORT=$ES_HOST_PORT ES_DEPLOYMENT=$ES_DATA/deployment.json
    ES_DATABASE=$(database_string) ES_RPC=$(chain_url) ES_WEBSOCKET=ws://127.0.0.1:$ES_CHAIN_PORT
    export ES_DATABASE ES_RPC ES_WEBSOCKET
    exec setsid dotnet "$ES_HOST_DLL" serve >>"$(host_log indexer)" 2>&1 </dev/null
  ) &
  printf '%s\n' $! >"$ES_HOST_PID"
  wait_for 60 "a ready indexer at $(host_url)/readyz (its log: $(host_log indexer))" up_ready
}

# node is there in any case, curl is not.
up_ready() {
  running "$ES_HOST_PID" || fail "the indexer ended by itself; its log is $(host_log indexer)"
  node -e '
    fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))
  ' "$(host_url)/readyz"
}

world_build() {
  say "building the world"
  dotnet build "$ES_ROOT/bench/World" -c Release -v q -nologo >"$(host_log build-world)" 2>&1 ||
    fail "the world could not be built; the log is $(host_log build-world)"
}

up_world() {
  say "people move in"
  setsid dotnet "$ES_WORLD_DLL" --live --rpc "$(chain_url)" --deployment "$ES_DATA/deployment.json" \
    >>"$(host_log world)" 2>&1 </dev/null &
  printf '%s\n' $! >"$ES_WORLD_PID"
}

# Until Ctrl-C; a part that ends by itself ends all.
up_watch() {
  while true; do
    running "$ES_CHAIN_PID" || fail "anvil ended by itself; its log is $ES_CHAIN_DIR/log"
    running "$ES_HOST_PID" || fail "the indexer ended by itself; its log is $(host_log indexer)"
    if [ -f "$ES_WORLD_PID" ] && ! running "$ES_WORLD_PID"; then fail "the world ended by itself; its log is $(host_log world)"; fi
    sleep 1
  done
}

up_stop() {
  local code=$?
  trap - EXIT INT TERM
  stop_process "$ES_WORLD_PID" 15 TERM
  stop_process "$ES_HOST_PID" 15 TERM
  chain_stop
  db_stop
  exit "$code"
}
