# ./es up: everything on embedded defaults, in the foreground; Ctrl-C stops what was started and keeps the data.
# shellcheck shell=bash

es_up() {
  [ $# -eq 0 ] || fail "expected ./es up, found '$*'"
  trap up_stop EXIT
  trap 'exit 0' INT TERM
  db_start
  chain_start
  chain_deploy
  cat <<TEXT

  The economy is up.
    chain      $(chain_url)   chain id $ES_CHAIN_ID
    contracts  $ES_DATA/deployment.json
    database   $(database_url)

  Ctrl-C stops it; ./es up continues with the same data.
TEXT
  while running "$ES_CHAIN_PID"; do sleep 1; done
  fail "anvil ended by itself; its log is $ES_CHAIN_DIR/log"
}

up_stop() {
  local code=$?
  trap - EXIT INT TERM
  chain_stop
  db_stop
  exit "$code"
}
