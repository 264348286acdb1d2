# ./es test: sets up what tests need, runs them all, and ends with one line: N passed, N failed.
# shellcheck shell=bash

# How long one test may take before it counts as hung.
ES_HANG=8m

es_test() {
  test_setup
  local log=$ES_DATA/test contracts other
  mkdir -p "$log"
  rm -rf "$log/taken" "$log/counts"
  mkdir "$log/taken"
  : >"$log/counts"

  # The contracts' compiler has one thread, and the tests of .NET wait much: two lanes share the projects. A lane that
  # breaks off counts as a failure, because it leaves projects untested.
  test_contracts "$log/contracts.log" &
  contracts=$!
  if test_build "$log"; then
    test_lane "$log" &
    other=$!
    wait "$contracts" || count 0 1
    test_lane "$log"
    wait "$other" || count 0 1
  else
    wait "$contracts" || count 0 1
  fi

  awk '{ passed += $1; failed += $2 }
    END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 || passed == 0 }' "$log/counts"
}

# What tests ask: PostgreSQL; anvil for the tests of the chain; and second opinions: viem on lib/Ethereum, graphql-js on lib/GraphQL,
# Chromium on the API's pages and the dashboard; the official client and suite of MCP on the commands.
test_setup() {
  local folder
  need_dotnet
  need_apt "${ES_APT[@]}"
  db_start
  for folder in contracts contracts/clients tests/Ethereum.Tests/viem tests/GraphQL.Tests/npm tests/Api.Tests/npm tests/Commands.Tests/npm tests/Content.Tests/npm src/Api/graphiql \
    src/Dashboard tests/Dashboard.Tests/npm; do
    [ ! -f "$ES_ROOT/$folder/package-lock.json" ] || need_npm "$ES_ROOT/$folder"
  done
  export ES_DATABASE=${ES_DATABASE:-Host=127.0.0.1;Port=$ES_DB_PORT;Username=es;Database=postgres;Include Error Detail=true}
}

test_contracts() {
  local began=$SECONDS failed=0
  say "testing the contracts (log: ${1#"$ES_ROOT"/})"
  if ! "$ES_ROOT/es" contracts test >"$1" 2>&1; then
    grep -E '^\[FAIL|^not ok|✖|expected|Error' "$1" | head -n 40 || tail -n 40 "$1"
    failed=1
  fi
  count "$(contracts_passed "$1")" "$failed"
  say "contracts: $(contracts_passed "$1") passed in $((SECONDS - began)) s"
}

contracts_passed() { sum 'total tests\)|ℹ pass|# pass' '[0-9]+ tests passed|pass [0-9]+' "$1"; }

test_build() {
  local log=$1 began=$SECONDS
  say "building"
  if ! dotnet build EventSourced.sln -c Release -v q -nologo >"$log/build.log" 2>&1; then
    grep -E 'error' "$log/build.log" | sort -u | head -n 30
    count 0 1
    return 1
  fi
  say "built in $((SECONDS - began)) s"
}

# Tests one project after the other, each project in one lane only, and tells what it found in one piece.
test_lane() {
  local log=$1 project name
  for project in $(grep -l '<IsTestProject>true' tests/*/*.csproj); do
    name=$(basename "$project" .csproj)
    mkdir "$log/taken/$name" 2>/dev/null || continue
    test_project "$project" "$log/$name.log" >"$log/taken/$name/said" 2>&1
    cat "$log/taken/$name/said"
  done
}

# A test that hangs is ended and named, so that the others still tell what they found.
test_project() {
  local code=0 began=$SECONDS failed passed
  dotnet test "$1" -c Release --no-build --nologo -v q --logger 'console;verbosity=minimal' \
    --blame-hang-timeout "$ES_HANG" --blame-hang-dump-type none --results-directory "$ES_DATA/test/results" >"$2" 2>&1 || code=$?
  failures "$2"
  failed=$(sum '^(Passed|Failed)!' 'Failed: +[0-9]+' "$2")
  passed=$(sum '^(Passed|Failed)!' 'Passed: +[0-9]+' "$2")
  count "$passed" "$failed"
  # A crash of a test host counts as a failure even when no test could say so.
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    tail -n 40 "$2"
    failed=1
    count 0 1
  fi
  say "$(basename "$1" .csproj): $passed passed, $failed failed in $((SECONDS - began)) s"
}

# failures FILE: what failed, with its message and the lines of ours that led there.
failures() {
  awk '/^  Failed /{ on = 1 } /^(Passed|Failed)!|^\[xUnit/{ on = 0 } on && !(/^ +at / && !/\.cs:line/)' "$1" |
    cut -c1-400 | head -n 200
}

# sum LINES NUMBER FILE: adds up the numbers of the matching lines.
sum() { { grep -E "$1" "$3" | grep -oE "$2" | grep -oE '[0-9]+' || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }

count() { echo "$1 $2" >>"$ES_DATA/test/counts"; }
