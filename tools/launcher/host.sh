# ./es serve [...], ./es replay [...], ./es host codegen: the host, on the embedded database and chain unless ES_... or flags name others.
# shellcheck shell=bash

es_serve() {
  # Flags beat these; a configuration file does not, so with one nothing is assumed.
  if [ -z "${ES_CONFIG:-}" ] && [[ " $* " != *" --config"* ]]; then
    need_npm "$ES_ROOT/src/Api/graphiql"
    need_npm "$ES_ROOT/src/Dashboard"
    export ES_ROLES=${ES_ROLES:-indexer,api} ES_PORT=${ES_PORT:-$ES_HOST_PORT} ES_GRAPHIQL=${ES_GRAPHIQL:-$ES_ROOT/src/Api/graphiql}
    export ES_DASHBOARD=${ES_DASHBOARD:-$ES_ROOT/src/Dashboard}
  fi
  host_run serve "$@"
}

es_replay() { host_run replay "$@"; }

# ./es host codegen: after a handler of Wolverine was changed, the code between it and Wolverine is written anew. The old
# code goes first, for it may not compile any more; without any the host builds, and only its workers would not start.
es_host() {
  local generated=$ES_ROOT/src/Host/Messaging/Generated
  [ "${1:-}" = codegen ] || fail "expected ./es host codegen, found './es host ${1:-}'"
  rm -f "$generated"/*.g.cs
  host_build
  dotnet "$ES_HOST_DLL" codegen "$generated"
}

# host_run COMMAND [FLAG...]: becomes the host, so that signals reach it and its exit code is ours.
host_run() {
  host_build
  [ -n "${ES_CONFIG:-}" ] || [[ " $* " == *" --config"* ]] || host_defaults "$@"
  exec dotnet "$ES_HOST_DLL" "$@"
}

host_build() {
  need_dotnet
  say "building the host"
  ES_HOST_DLL=$(program "$ES_ROOT/src/Host")
}

host_log() {
  mkdir -p "$ES_DATA/host"
  printf '%s/host/%s.log' "$ES_DATA" "$1"
}

# What nobody named is the embedded one; the database is started only where it is the embedded one.
host_defaults() {
  if [ -z "${ES_DATABASE:-}" ] && [[ " $* " != *" --database"* ]]; then
    db_start
    ES_DATABASE=$(database_string)
    export ES_DATABASE
  fi
  export ES_RPC=${ES_RPC:-$(chain_url)}
  export ES_DEPLOYMENT=${ES_DEPLOYMENT:-$ES_DATA/deployment.json}
}
