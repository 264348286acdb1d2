# ./es serve [...], ./es keep [...], ./es dead list|requeue, ./es replay [...], ./es audit [...], ./es log key, ./es witness [...], ./es agent [...], ./es task [...], ./es jobs [...], ./es execution [...], ./es content [...], ./es host codegen|limits|openapi|client: the host, on the
# embedded database and chain unless ES_... or flags name others.
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

# On our own chain keepers act as the relayer of ./es up, whose account is the node's tenth.
es_keep() {
  [ -n "${ES_CONFIG:-}" ] || [[ " $* " == *" --config"* ]] ||
    export ES_KEEPER_ACCOUNT=${ES_KEEPER_ACCOUNT:-0xa0Ee7A142d267C1f36714E4a8F75612F20a79720} ES_PORT=${ES_PORT:-0}
  host_run keep "$@"
}

es_dead() { host_run dead "$@"; }

es_replay() { host_run replay "$@"; }

# An auditor's node and log are the ones that flags name; where they name neither, the embedded chain is audited alone.
es_audit() {
  if [[ " $* " != *" --log"* ]]; then
    export ES_RPC=${ES_RPC:-$(chain_url)}
    [[ " $* " == *" --directory"* ]] || export ES_DEPLOYMENT=${ES_DEPLOYMENT:-$ES_DATA/deployment.json}
  fi
  host_build
  exec dotnet "$ES_HOST_DLL" audit "$@"
}

es_log() {
  export ES_LOG_KEY=${ES_LOG_KEY:-$ES_DATA/log.key} ES_DEPLOYMENT=${ES_DEPLOYMENT:-$ES_DATA/deployment.json}
  host_build
  exec dotnet "$ES_HOST_DLL" log "$@"
}

es_witness() {
  host_build
  exec dotnet "$ES_HOST_DLL" witness "$@"
}

# Somebody acts: its key stays in its process; the host is the one of ./es up, unless ES_HOST or --at names another.
es_agent() { act_run agent "$@"; }

es_task() { act_run task "$@"; }

# ./es content: the folder of ./es up, beside it or without it; gc asks the embedded database what is in use.
es_content() {
  host_build
  export ES_CONTENT=${ES_CONTENT:-$ES_DATA/content} ES_DATABASE=${ES_DATABASE:-$(database_string)}
  exec dotnet "$ES_HOST_DLL" content "$@"
}

act_run() {
  host_build
  export ES_HOST=${ES_HOST:-http://127.0.0.1:$ES_HOST_PORT}
  exec dotnet "$ES_HOST_DLL" "$@"
}

# The jobs of hosted agents, and what tasks ask and deliveries say, on the embedded database and content.
es_jobs() { host_run jobs "$@"; }

es_execution() {
  export ES_CONTENT=${ES_CONTENT:-$ES_DATA/content}
  host_run execution "$@"
}

# ./es host codegen: after a handler of Wolverine was changed, the code between it and Wolverine is written anew. The old
# code goes first, for it may not compile any more; without any the host builds, and only its workers would not start.
es_host() {
  local generated=$ES_ROOT/src/Host/Messaging/Generated
  case ${1:-} in
    codegen) ;;
    # Documents that the code of the commands writes: the page of the limits, the OpenAPI document.
    limits) host_build && dotnet "$ES_HOST_DLL" limits "$ES_ROOT/docs/security/agent_abuse_controls.md" && return ;;
    openapi) host_build && dotnet "$ES_HOST_DLL" openapi "$ES_ROOT/docs/commands/openapi.json" && return ;;
    client) host_build && dotnet "$ES_HOST_DLL" client "$ES_ROOT/lib/Client/Commands.g.cs" && return ;;
    *) fail "expected ./es host codegen, limits, openapi or client, found './es host ${1:-}'" ;;
  esac
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
  export ES_LOG_KEY=${ES_LOG_KEY:-$ES_DATA/log.key}
}
