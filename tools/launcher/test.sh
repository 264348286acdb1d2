# ./es test: sets up what tests need, runs them all, and ends with one line: N passed, N failed.
# shellcheck shell=bash

ES_PASSED=0
ES_FAILED=0

es_test() {
  need_dotnet
  need_apt "${ES_APT[@]}"
  local log=$ES_DATA/test
  mkdir -p "$log"
  db_start
  # anvil for the tests of the chain, viem for the second opinion on lib/Ethereum.
  need_npm "$ES_ROOT/contracts"
  need_npm "$ES_ROOT/tests/Ethereum.Tests/viem"
  export ES_DATABASE=${ES_DATABASE:-Host=127.0.0.1;Port=$ES_DB_PORT;Username=es;Database=postgres;Include Error Detail=true}

  say "building"
  dotnet build EventSourced.sln -c Release -v q -nologo >"$log/build.log" 2>&1 || { tail -n 30 "$log/build.log"; ES_FAILED=1; }
  if [ "$ES_FAILED" -eq 0 ]; then test_dotnet "$log/dotnet.log"; fi

  echo "$ES_PASSED passed, $ES_FAILED failed"
  [ "$ES_FAILED" -eq 0 ] && [ "$ES_PASSED" -gt 0 ]
}

test_dotnet() {
  say "running the .NET tests"
  local before=$ES_FAILED code=0 passed failed
  dotnet test EventSourced.sln -c Release --no-build --nologo -m:1 -v q 2>&1 | tee "$1" | grep --line-buffered -E '^(Passed|Failed)!|\[FAIL\]|error' || true
  code=${PIPESTATUS[0]}
  passed=$(grep -oE 'Passed: +[0-9]+' "$1" | grep -oE '[0-9]+' | awk "{ sum += \$1 } END { print sum + 0 }")
  failed=$(grep -oE 'Failed: +[0-9]+' "$1" | grep -oE '[0-9]+' | awk "{ sum += \$1 } END { print sum + 0 }")
  count "${passed:-0}" "${failed:-0}"
  # A crash of the test host counts as a failure even when no test could say so.
  if [ "$code" -ne 0 ] && [ "$ES_FAILED" -eq "$before" ]; then
    tail -n 40 "$1"
    count 0 1
  fi
}

count() {
  ES_PASSED=$((ES_PASSED + $1))
  ES_FAILED=$((ES_FAILED + $2))
}
