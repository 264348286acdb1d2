# ./es world [--seed N] [--events N] [--spread] [--keep]: a living economy on a fresh chain, the same for the same seed.
# shellcheck shell=bash

es_world() {
  need_dotnet
  need_npm "$ES_ROOT/contracts"
  dotnet run -c Release -v q --project "$ES_ROOT/bench/World" -- "$@"
}
