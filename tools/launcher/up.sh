# ./es up: everything on embedded defaults, in the foreground: database, chain, contracts, the host, and people who live there; or the host on a
# database or a chain of yours. Ctrl-C stops what was started, in its turn, and keeps the data.
# shellcheck shell=bash

ES_UP_PID=$ES_DATA/up.pid
ES_HOST_PID=$ES_DATA/host/pid
ES_WORLD_PID=$ES_DATA/host/world.pid

# Seconds of our own chain in a second: a review of hours takes minutes here.
ES_WORLD_SPEED=${ES_WORLD_SPEED:-60}

# What is ours to start; flags name what is not.
UP_WORLD=yes
UP_RPC=
UP_WEBSOCKET=
UP_DEPLOYMENT=
UP_DATABASE=
UP_BIND=127.0.0.1

es_up() {
  up_flags "$@"
  ! running "$ES_UP_PID" || fail "it is up already (process $(cat "$ES_UP_PID")); ./es status shows it, ./es down stops it"
  up_left_over
  [ -n "$UP_RPC" ] || need_npm "$ES_ROOT/contracts"
  [ ! -d "$ES_ROOT/src/Api/graphiql" ] || need_npm "$ES_ROOT/src/Api/graphiql"
  [ ! -d "$ES_ROOT/src/Dashboard" ] || need_npm "$ES_ROOT/src/Dashboard"
  host_build
  [ "$UP_WORLD" = no ] || world_build
  mkdir -p "$ES_DATA/host"
  printf '%s\n' $$ >"$ES_UP_PID"
  trap up_stop EXIT
  trap 'exit 0' INT TERM
  [ -n "$UP_DATABASE" ] || db_start
  if [ -z "$UP_RPC" ]; then
    chain_start
    chain_deploy
  fi
  [ -n "$UP_RPC" ] || { up_relayer; up_hosted; }
  up_host
  [ "$UP_WORLD" = no ] || up_world
  up_banner
  up_watch
}

up_flags() {
  while [ $# -gt 0 ]; do
    case $1 in
      --empty) UP_WORLD=no; shift; continue ;;
      --rpc | --websocket | --deployment | --database | --bind) [ $# -gt 1 ] || fail "expected a value after $1, found nothing" ;;&
      --rpc) UP_RPC=$2 UP_WORLD=no ;;
      --websocket) UP_WEBSOCKET=$2 ;;
      --deployment) UP_DEPLOYMENT=$2 ;;
      --database) UP_DATABASE=$2 ;;
      --bind) UP_BIND=$2 ;;
      *) fail "expected ./es up [--empty] [--rpc URL --deployment FILE [--websocket URL]] [--database URL] [--bind IP], found '$1'" ;;
    esac
    shift 2
  done
  if [ -n "$UP_RPC" ]; then
    [ -n "$UP_DEPLOYMENT" ] || fail "expected --deployment FILE beside --rpc: the addresses of the contracts on that chain; found none"
    [ -r "$UP_DEPLOYMENT" ] || fail "expected a deployment at $UP_DEPLOYMENT, found no file that can be read"
    UP_DEPLOYMENT=$(realpath "$UP_DEPLOYMENT")
  elif [ -n "$UP_DEPLOYMENT$UP_WEBSOCKET" ]; then
    fail "expected --rpc URL beside --deployment or --websocket: without it the chain is our own; found none"
  fi
}

# A database of an earlier checkout belongs to a chain that is gone: the host would refuse it with less to say.
up_left_over() {
  [ -z "$UP_DATABASE" ] || return 0
  ! db_left_over || fail "expected no cluster for a new checkout, found $(db_folder): a checkout at this place was deleted and its database was not;
    ./es reset --yes deletes that database, and ./es up begins anew; ./es db adopt keeps it (its rows are those of the earlier chain)"
}

# Where our host is asked from this machine, whatever it is bound to.
host_url() {
  case $UP_BIND in
    0.0.0.0 | '::' | '[::]') printf 'http://127.0.0.1:%s' "$ES_HOST_PORT" ;;
    *:*) printf 'http://[%s]:%s' "$UP_BIND" "$ES_HOST_PORT" ;;
    *) printf 'http://%s:%s' "$UP_BIND" "$ES_HOST_PORT" ;;
  esac
}

# The relayer of our own chain pays from the node's tenth account, whose key everybody knows.
up_relayer() {
  local folder=$ES_DATA/relayer
  [ ! -f "$folder/password" ] || return 0
  mkdir -p "$folder/keys"
  node --input-type=module -e '
    import { randomBytes } from "node:crypto";
    import { writeFileSync } from "node:fs";
    const { keystore } = await import(process.argv[1]);
    const password = randomBytes(32).toString("hex");
    const key = "0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6";
    writeFileSync(`${process.argv[2]}/keys/relayer.json`, JSON.stringify(keystore(key, password)), { mode: 0o600 });
    writeFileSync(`${process.argv[2]}/password`, password, { mode: 0o600 });
  ' "$ES_ROOT/contracts/tools/keystore.mjs" "$folder"
}

# Agents of our own chain whose keys the host holds: nobody at first; the world writes who they are, and the host reads it again.
up_hosted() {
  local folder=$ES_DATA/hosted
  [ ! -f "$folder/hosted.json" ] || return 0
  mkdir -p "$folder"
  (
    umask 077
    node -e 'console.log(require("node:crypto").randomBytes(32).toString("hex"))' >"$folder/password"
    printf '{}\n' >"$folder/hosted.json"
  )
}

# A session of its own keeps Ctrl-C from each part: up_stop ends them in their turn.
up_host() {
  ! running "$ES_HOST_PID" || fail "our host runs already (process $(cat "$ES_HOST_PID")); ./es down stops it"
  ! port_taken "$ES_HOST_PORT" || fail "port $ES_HOST_PORT is taken, and not by our host; choose another: ES_HOST_PORT=18081 ./es ..."
  say "starting indexer, API and commands on port $ES_HOST_PORT"
  (
    unset ES_CONFIG
    # Commands of readers on this machine are counted by nobody; on our own chain a relayer sends them.
    export ES_COMMANDS_TRUST=${ES_COMMANDS_TRUST:-127.0.0.0/8}
    if [ -z "$UP_RPC" ]; then
      export ES_ROLES=${ES_ROLES:-indexer,api,commands,workers} ES_RELAYER_KEYS=$ES_DATA/relayer/keys ES_RELAYER_PASSWORD=$ES_DATA/relayer/password
      export ES_HOSTED=$ES_DATA/hosted/hosted.json ES_HOSTED_PASSWORD=$ES_DATA/hosted/password
    fi
    export ES_ROLES=${ES_ROLES:-indexer,api,commands} ES_PORT=$ES_HOST_PORT ES_BIND=$UP_BIND ES_GRAPHIQL=$ES_ROOT/src/Api/graphiql
    export ES_DASHBOARD=$ES_ROOT/src/Dashboard ES_CONTENT=${ES_CONTENT:-$ES_DATA/content}
    ES_DATABASE=${UP_DATABASE:-$(database_string)} ES_RPC=${UP_RPC:-$(chain_url)}
    ES_DEPLOYMENT=${UP_DEPLOYMENT:-$ES_DATA/deployment.json}
    if [ -z "$UP_RPC" ]; then ES_WEBSOCKET=ws://127.0.0.1:$ES_CHAIN_PORT; else ES_WEBSOCKET=$UP_WEBSOCKET; fi
    ES_LOG_KEY=${ES_LOG_KEY:-$ES_DATA/log.key}
    export ES_DATABASE ES_RPC ES_DEPLOYMENT ES_WEBSOCKET ES_LOG_KEY
    [ -n "$ES_WEBSOCKET" ] || unset ES_WEBSOCKET
    exec setsid dotnet "$ES_HOST_DLL" serve >>"$(host_log indexer)" 2>&1 </dev/null
  ) &
  printf '%s\n' $! >"$ES_HOST_PID"
  printf '%s\n' "$(host_url)" >"$ES_DATA/host/url"
  up_await
}

# Our own parts answer soon: they are waited for. What others run may be slow, or wrong: then the host says how it stands, and goes on.
up_await() {
  local seconds=60 whose=ours
  [ -z "$UP_RPC$UP_DATABASE" ] || seconds=10 whose=theirs
  until up_ready; do
    running "$ES_HOST_PID" || up_told
    seconds=$((seconds - 1))
    if [ "$seconds" -le 0 ]; then
      [ $whose = theirs ] || fail "expected a ready indexer at $(host_url)/readyz within 60 s, found none; its log is $(host_log indexer)"
      say "not ready yet; it goes on, and ./es status says how far it is:"
      node "$ES_ROOT/tools/launcher/status.mjs" "$(host_url)" >&2 || true
      return 0
    fi
    sleep 1
  done
}

# The host's last words say what was wrong.
up_told() {
  tail -n 5 "$(host_log indexer)" >&2
  fail "the indexer ended by itself; its log is $(host_log indexer)"
}

up_ready() { [ "$(up_answer readyz)" = 200 ]; }

# up_answer PATH: the status that the host answers with; node is there in any case, curl is not.
up_answer() {
  node -e '
    fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then((reply) => console.log(reply.status), () => console.log(0))
  ' "$(host_url)/$1"
}

world_build() {
  say "building the world"
  ES_WORLD_DLL=$(program "$ES_ROOT/tools/World")
}

up_world() {
  say "people move in"
  setsid dotnet "$ES_WORLD_DLL" --live --rpc "$(chain_url)" --deployment "$ES_DATA/deployment.json" --speed "$ES_WORLD_SPEED" \
    --pace 0.1 --host "$(host_url)" --hosted "$ES_DATA/hosted" \
    >>"$(host_log world)" 2>&1 </dev/null &
  printf '%s\n' $! >"$ES_WORLD_PID"
}

up_banner() {
  local chain database
  [ -n "$UP_RPC" ] && chain="the node that you named" || chain="$(chain_url)   chain id $ES_CHAIN_ID"
  [ -n "$UP_DATABASE" ] && database="the one that you named" || database=$(database_url)
  cat <<TEXT

  The economy is up after $SECONDS s.
    look       $(host_url)/           the dashboard: what happens, and what has happened
    ask it     $(host_url)/graphiql   GraphQL itself: $(host_url)/graphql
    ready?     $(host_url)/readyz     why or why not
    status     $(host_url)/status     metrics $(host_url)/metrics
    audit log  $(host_url)/log   docs/audit.md: an auditor's first half hour
    chain      $chain
    contracts  ${UP_DEPLOYMENT:-$ES_DATA/deployment.json}
    database   $database
    logs       $(host_log indexer)$([ "$UP_WORLD" = no ] || printf ', %s' "$(host_log world)")

  Ctrl-C (or ./es down) stops it; ./es up continues with the same data. ./es replay --verify, beside it, proves the database.
TEXT
}

# Until Ctrl-C; a part that ends by itself ends all.
up_watch() {
  while true; do
    [ -n "$UP_RPC" ] || running "$ES_CHAIN_PID" || fail "anvil ended by itself; its log is $ES_CHAIN_DIR/log"
    running "$ES_HOST_PID" || up_told
    if [ -f "$ES_WORLD_PID" ] && ! running "$ES_WORLD_PID"; then fail "the world ended by itself; its log is $(host_log world)"; fi
    sleep 1
  done
}

up_stop() {
  local code=$?
  trap - EXIT INT TERM
  stop_all
  rm -f "$ES_UP_PID"
  exit "$code"
}

# Whatever of ours runs, people first and the database last; a chain and a database that flags named were not started here.
stop_all() {
  stop_process "$ES_WORLD_PID" 15 TERM
  stop_process "$ES_HOST_PID" 15 TERM
  [ -n "$UP_RPC" ] || chain_stop
  [ -n "$UP_DATABASE" ] || db_stop
}
