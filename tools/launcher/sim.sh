# ./es sim [--seeds N] [--first S]: storms over the indexer (reorgs, faults, kills, two leaders), one line a seed; a seed that fails is named.
# shellcheck shell=bash

es_sim() {
  local seeds=1 first="" report code=0
  while [ $# -gt 0 ]; do
    case $1 in
      --seeds) seeds=${2:-} ;;
      --first) first=${2:-} ;;
      *) fail "expected ./es sim [--seeds N] [--first S], found '$1'" ;;
    esac
    shift 2 || fail "expected a number after $1, found nothing"
  done
  [[ $seeds =~ ^[1-9][0-9]{0,6}$ ]] || fail "expected --seeds from 1 to 9999999, found '$seeds'"
  [[ $first =~ ^[0-9]{0,9}$ ]] || fail "expected --first from 0 to 999999999, found '$first'"
  need_dotnet
  need_apt "${ES_APT[@]}"
  need_npm "$ES_ROOT/contracts"
  db_start
  mkdir -p "$ES_DATA/sim"
  report=$ES_DATA/sim/report.txt
  : >"$report"
  say "building"
  dotnet build "$ES_ROOT/tests/Simulation" -c Release -m:1 -v q -nologo >"$ES_DATA/sim/build.log" 2>&1 ||
    fail "the simulation did not build; see ${ES_DATA#"$ES_ROOT"/}/sim/build.log"
  say "running $seeds seed(s)"
  tail -n +1 -f "$report" &
  local tailing=$!
  # Whoever stops this stops that too.
  trap 'kill "$tailing" 2>/dev/null || true' EXIT
  ES_SIM_SEEDS=$seeds ES_SIM_FIRST=$first ES_SIM_REPORT=$report \
    ES_DATABASE=${ES_DATABASE:-Host=127.0.0.1;Port=$ES_DB_PORT;Username=es;Database=postgres} \
    dotnet test "$ES_ROOT/tests/Simulation" -c Release --no-build --nologo -v q \
    --filter "FullyQualifiedName~After_any_storm" >"$ES_DATA/sim/test.log" 2>&1 || code=$?
  sleep 1
  [ "$code" -eq 0 ] || echo "the whole is in ${ES_DATA#"$ES_ROOT"/}/sim/test.log"
  return "$code"
}
