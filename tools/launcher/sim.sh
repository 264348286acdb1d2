# ./es sim [--seeds N] [--first S] [--only indexer|relayer]: storms over the indexer and over the relayer (reorgs, faults of nodes and database, crashes),
# one line a seed; a seed that fails is named. ./es sim kills [--count N] [--seed S]: hosts killed by SIGKILL N times under load, a table of outcomes.
# ./es sim economy [--count N] [--seed S]: one economy whose workers are killed N times. ./es sim sync [--count N] [--seed S]: a first sync
# that is killed N times. ./es sim fuzz [--count N] [--seed S]: N requests that nobody foresaw, at every endpoint of the commands.
# shellcheck shell=bash

es_sim() {
  local seeds=1 first="" only="" code=0
  case ${1:-} in
    # A kill with the new start of its host takes some seconds.
    kills)
      shift
      sim_counted Workers.Tests KillTests ES_KILLS ES_SEED 200 "$@"
      return
      ;;
    # An economy with such kills; the kills end with the economy where it ends sooner.
    economy)
      shift
      sim_counted Economy.Tests KilledEconomyTests ES_ECONOMY_KILLS ES_SEED 200 "$@"
      return
      ;;
    # A first sync whose host, and then whose PostgreSQL, is killed.
    sync)
      shift
      sim_counted Host.Tests FirstSyncTests ES_SYNC_KILLS ES_SEED 50 "$@"
      return
      ;;
    fuzz)
      shift
      sim_counted Commands.Tests FuzzTests ES_FUZZ_BODIES ES_FUZZ_SEED 100000 "$@"
      return
      ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      --seeds) seeds=${2:-} ;;
      --first) first=${2:-} ;;
      --only) only=${2:-} ;;
      *) fail "expected ./es sim [--seeds N] [--first S] [--only indexer|relayer], or ./es sim kills|economy|sync|fuzz, found '$1'" ;;
    esac
    shift 2 || fail "expected a value after $1, found nothing"
  done
  [[ $seeds =~ ^[1-9][0-9]{0,6}$ ]] || fail "expected --seeds from 1 to 9999999, found '$seeds'"
  [[ $first =~ ^[0-9]{0,9}$ ]] || fail "expected --first from 0 to 999999999, found '$first'"
  [[ $only =~ ^(indexer|relayer|)$ ]] || fail "expected --only indexer or relayer, found '$only'"
  sim_ready
  # Both are told the same seeds, so that one line names what runs again.
  [ -n "$first" ] || first=$(((RANDOM * 32768 + RANDOM) % 1000000000))
  export ES_SIM_SEEDS=$seeds ES_SIM_FIRST=$first
  say "running $seeds seed(s) from $first"
  [ "$only" = relayer ] || sim_run Simulation After_any_storm || code=$?
  [ "$only" = indexer ] || sim_run Workers.Tests RelayStormTests.After_any_storm || code=$?
  return "$code"
}

# sim_counted PROJECT FILTER COUNT_VARIABLE SEED_VARIABLE COUNT ARGUMENTS: a test that takes how often by a variable; COUNT where nothing says it.
sim_counted() {
  local project=$1 filter=$2 count_variable=$3 seed_variable=$4 count=$5 seed=""
  shift 5
  while [ $# -gt 0 ]; do
    case $1 in
      --count) count=${2:-} ;;
      --seed) seed=${2:-} ;;
      *) fail "expected [--count N] [--seed S], found '$1'" ;;
    esac
    shift 2 || fail "expected a number after $1, found nothing"
  done
  [[ $count =~ ^[1-9][0-9]{0,6}$ ]] || fail "expected --count from 1 to 9999999, found '$count'"
  [[ $seed =~ ^[0-9]{0,9}$ ]] || fail "expected --seed from 0 to 999999999, found '$seed'"
  sim_ready
  export "$count_variable=$count"
  [ -z "$seed" ] || export "$seed_variable=$seed"
  sim_run "$project" "$filter"
}

sim_ready() {
  need_dotnet
  need_apt "${ES_APT[@]}"
  need_npm "$ES_ROOT/contracts"
  db_start
  mkdir -p "$ES_DATA/sim"
}

# sim_run PROJECT FILTER: builds a project of tests and runs what the filter names; its lines are shown as they come.
sim_run() {
  local project=$1 filter=$2 report code=0
  report=$ES_DATA/sim/$project.report.txt
  : >"$report"
  say "building tests/$project"
  dotnet build "$ES_ROOT/tests/$project" -c Release -m:1 -v q -nologo >"$ES_DATA/sim/build.log" 2>&1 ||
    fail "tests/$project did not build; see ${ES_DATA#"$ES_ROOT"/}/sim/build.log"
  tail -n +1 -f "$report" &
  local tailing=$!
  # Whoever stops this stops that too.
  # shellcheck disable=SC2064 # Expanded now: at the exit this function's variables are gone.
  trap "kill $tailing 2>/dev/null || true" EXIT
  ES_SIM_REPORT=$report \
    ES_DATABASE=${ES_DATABASE:-Host=127.0.0.1;Port=$ES_DB_PORT;Username=es;Database=postgres} \
    dotnet test "$ES_ROOT/tests/$project" -c Release --no-build --nologo -v q \
    --filter "FullyQualifiedName~$filter" >"$ES_DATA/sim/test.log" 2>&1 || code=$?
  sleep 1
  kill "$tailing" 2>/dev/null || true
  [ "$code" -eq 0 ] || echo "the whole is in ${ES_DATA#"$ES_ROOT"/}/sim/test.log"
  return "$code"
}
