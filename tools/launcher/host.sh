# ./es serve [...], ./es replay [...]: the host, on the embedded database and chain unless ES_... or flags name others.
# shellcheck shell=bash

es_serve() {
  # Flags beat these; a configuration file does not, so with one nothing is assumed.
  if [ -z "${ES_CONFIG:-}" ] && [[ " $* " != *" --config"* ]]; then
    need_npm "$ES_ROOT/src/Api/graphiql"
    export ES_ROLES=${ES_ROLES:-indexer,api} ES_PORT=${ES_PORT:-$ES_HOST_PORT} ES_GRAPHIQL=${ES_GRAPHIQL:-$ES_ROOT/src/Api/graphiql}
  fi
  host_run serve "$@"
}

es_replay() { host_run replay "$@"; }

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
