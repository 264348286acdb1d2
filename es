#!/usr/bin/env bash
# The one launcher. Each command is a function `es_<command>` in tools/launcher; `./es help` lists them all.
set -euo pipefail

ES_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ES_DATA=${ES_DATA:-$ES_ROOT/.data}
ES_DB_PORT=${ES_DB_PORT:-15432}
ES_CHAIN_PORT=${ES_CHAIN_PORT:-18545}
ES_HOST_PORT=${ES_HOST_PORT:-18080}
ES_CHAIN_ID=${ES_CHAIN_ID:-4827}
export ES_ROOT ES_DATA ES_DB_PORT ES_CHAIN_PORT ES_HOST_PORT ES_CHAIN_ID
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

for part in "$ES_ROOT"/tools/launcher/*.sh; do
  # shellcheck source=/dev/null
  . "$part"
done

main() {
  local command=${1:-help}
  [ $# -eq 0 ] || shift
  cd "$ES_ROOT"
  if declare -F "es_${command//-/_}" >/dev/null; then
    "es_${command//-/_}" "$@"
  else
    fail "expected a command of ./es help, found '$command'"
  fi
}

main "$@"
