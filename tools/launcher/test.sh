# ./es test: sets up what tests need, runs them all, and ends with one line: N passed, N failed.
# shellcheck shell=bash

ES_PASSED=0
ES_FAILED=0

es_test() {
  test_setup
  local log=$ES_DATA/test
  mkdir -p "$log"

  test_contracts "$log/contracts.log"
  test_dotnet "$log"

  echo "$ES_PASSED passed, $ES_FAILED failed"
  [ "$ES_FAILED" -eq 0 ] && [ "$ES_PASSED" -gt 0 ]
}

# What tests ask: PostgreSQL; anvil for the tests of the chain; and second opinions: viem on lib/Ethereum, graphql-js on lib/GraphQL,
# Chromium on the API's pages.
test_setup() {
  local folder
  need_dotnet
  need_apt "${ES_APT[@]}"
  db_start
  for folder in contracts contracts/clients tests/Ethereum.Tests/viem tests/GraphQL.Tests/npm tests/Api.Tests/npm src/Api/graphiql; do
    [ ! -f "$ES_ROOT/$folder/package-lock.json" ] || need_npm "$ES_ROOT/$folder"
  done
  export ES_DATABASE=${ES_DATABASE:-Host=127.0.0.1;Port=$ES_DB_PORT;Username=es;Database=postgres;Include Error Detail=true}
}

test_contracts() {
  say "testing the contracts (log: ${1#"$ES_ROOT"/})"
  if ! "$ES_ROOT/es" contracts test >"$1" 2>&1; then
    grep -E '^\[FAIL|^not ok|✖|expected|Error' "$1" | head -n 40 || tail -n 40 "$1"
    count 0 1
  fi
  count "$(sum 'total tests\)|ℹ pass|# pass' '[0-9]+ tests passed|pass [0-9]+' "$1")" 0
}

test_dotnet() {
  local log=$1 code=0 failed
  say "building"
  if ! dotnet build EventSourced.sln -c Release -v q -nologo >"$log/build.log" 2>&1; then
    grep -E 'error' "$log/build.log" | sort -u | head -n 30
    count 0 1
    return
  fi
  say "running the .NET tests"
  dotnet test EventSourced.sln -c Release --no-build --nologo -m:1 -v q \
    --logger 'console;verbosity=minimal' >"$log/dotnet.log" 2>&1 || code=$?
  grep -E '^(Passed|Failed)!' "$log/dotnet.log" || true
  failures "$log/dotnet.log"
  failed=$(sum '^(Passed|Failed)!' 'Failed: +[0-9]+' "$log/dotnet.log")
  count "$(sum '^(Passed|Failed)!' 'Passed: +[0-9]+' "$log/dotnet.log")" "$failed"
  # A crash of a test host counts as a failure even when no test could say so.
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    tail -n 40 "$log/dotnet.log"
    count 0 1
  fi
}

# failures FILE: what failed, with its message and the lines of ours that led there.
failures() {
  awk '/^  Failed /{ on = 1 } /^(Passed|Failed)!|^\[xUnit/{ on = 0 } on && !(/^ +at / && !/\.cs:line/)' "$1" |
    cut -c1-400 | head -n 200
}

# sum LINES NUMBER FILE: adds up the numbers of the matching lines.
sum() { { grep -E "$1" "$3" | grep -oE "$2" | grep -oE '[0-9]+' || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }

count() {
  ES_PASSED=$((ES_PASSED + $1))
  ES_FAILED=$((ES_FAILED + $2))
}
