# ./es world [--seed N] [--events N] [--spread] [--keep]: a living economy on a fresh chain, the same for the same seed.
# ./es world --live [--pace N] [--speed N]: the economy of ./es up goes on for ever, from where it stands; Ctrl-C ends it.
# shellcheck shell=bash

es_world() {
  need_dotnet
  need_npm "$ES_ROOT/contracts"
  if [[ " $* " == *" --live "* && " $* " != *" --rpc "* ]]; then
    chain_ready || fail "expected a chain at $(chain_url), found none; start it with ./es up"
    set -- "$@" --rpc "$(chain_url)" --deployment "$ES_DATA/deployment.json"
  fi
  dotnet run -c Release -v q --project "$ES_ROOT/tools/World" -- "$@"
}
