# ./es bench NAME: runs the program bench/Bench.<Name>, built for release.
# shellcheck shell=bash

es_bench() {
  local name=${1:-} project
  [ -n "$name" ] || fail "expected ./es bench NAME or all; there are: $(bench_names | xargs)"
  shift
  need_dotnet
  if [ "$name" = all ]; then
    for name in $(bench_names); do es_bench "$name" "$@"; done
    return
  fi
  project=$(find "$ES_ROOT/bench" -maxdepth 1 -iname "Bench.$name" | head -n 1)
  [ -n "$project" ] || fail "expected one of: $(bench_names | xargs), found '$name'"
  bench_needs "$project"
  [ -n "${ES_DATABASE:-}" ] || db_start
  say "building $(basename "$project")"
  local dll
  dll=$(program "$project")
  ES_DATABASE=${ES_DATABASE:-$(database_string)} dotnet "$dll" "$@"
}

# bench_needs PROJECT: installs what the bench needs beside PostgreSQL, which db_start installs. A bench that fills a chain needs anvil and the
# tool that deploys, both of the npm packages of the contracts; a bench with a peer in JavaScript needs node.
bench_needs() {
  ! grep -q '/World/World.csproj' "$1"/*.csproj || need_npm "$ES_ROOT/contracts"
  ! compgen -G "$1/*.mjs" >/dev/null || need_tool node Node.js
  # A bench that looks through a browser needs the tests' one, and what the page loads.
  [ "$(basename "$1")" != Bench.Dashboards ] || { need_apt chromium && need_npm "$ES_ROOT/src/Dashboard" && need_npm "$ES_ROOT/tests/Dashboard.Tests/npm"; }
}

bench_names() {
  local folder
  for folder in "$ES_ROOT"/bench/Bench.*; do basename "$folder" | sed 's/^Bench\.//' | tr '[:upper:]' '[:lower:]'; done
}
