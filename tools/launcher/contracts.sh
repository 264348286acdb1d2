# ./es contracts: builds, tests and measures the contracts, and writes what is generated from them.
# shellcheck shell=bash

# Tests whose gas says something: no random input, no walks.
ES_GAS_TESTS=(--no-match-test 'Fuzz|invariant' --no-match-path 'test/{fold,invariants}/*')

es_contracts() {
  need_npm "$ES_ROOT/contracts"
  cd "$ES_ROOT/contracts" || exit 1
  case ${1:-} in
    build) forge build && node tools/artifacts.mjs write ;;
    test) shift; contracts_test "$@" ;;
    coverage) contracts_coverage ;;
    snapshot) forge snapshot "${ES_GAS_TESTS[@]}" ;;
    gas) forge test --match-path 'test/gas/*' -vv ;;
    catalog) shift; [ $# -gt 0 ] || set -- check; forge build && node tools/catalog.mjs "$@" ;;
    *) fail "expected ./es contracts build|test [--deep]|coverage|gas|snapshot|catalog, found '${1:-}'" ;;
  esac
}

forge() { "$(foundry forge)" "$@"; }

# Everything that must hold for the contracts: tests, gas, artifacts, catalog, deployment on a fresh anvil.
# --deep: the walks of the invariants alone, ten times as many.
contracts_test() {
  if [ "${1:-}" = --deep ]; then
    FOUNDRY_INVARIANT_RUNS=1600 forge test --match-path 'test/invariants/*' -vv
    return
  fi
  forge test "$@" && [ $# -eq 0 ] || return
  forge snapshot "${ES_GAS_TESTS[@]}" --check --tolerance 1 >/dev/null ||
    fail "gas differs from contracts/.gas-snapshot; look at it, then ./es contracts snapshot"
  node tools/artifacts.mjs check
  node tools/catalog.mjs check
  node --test --test-reporter=spec tools/
  contracts_clients
}

# Clients of others against the contracts on anvil: x402's own, unchanged, and two that are written from the standards' ABIs alone.
contracts_clients() {
  local folder
  for folder in contracts/clients tests/Standards; do
    need_npm "$ES_ROOT/$folder"
    node --test --test-reporter=spec "$ES_ROOT/$folder"/*.test.mjs
  done
}

# Lines of every contract, each at 95 % at least; of a contract of fewer than twenty lines, all but one. The walks are left out: they take
# hours without the optimizer, and a line that only a walk reaches has no test of its own.
contracts_coverage() {
  local table
  table=$(forge coverage --no-match-path 'test/invariants/*' --no-match-coverage 'test|node_modules' --report summary) ||
    { printf '%s\n' "$table" | grep '^\[FAIL' ; fail "expected every test to pass without the optimizer too"; }
  printf '%s\n' "$table" | grep '^|'
  printf '%s\n' "$table" | awk -F'|' '/src\// { ++found; split($3, part, /[(\/)]/)
      if (part[2] < 0.95 * part[3] && part[3] - part[2] > 1) low = low $2 }
    END { if (!found) { print "expected a table of contracts, found none"; exit 1 }
      if (low) { print "expected at least 95 % of the lines of every contract, found less in:" low; exit 1 } }'
}
