# ./es catalog add [--retire Contract.Event]...: every step from an event in a contract to an event that the whole program can read; then it
# says what is left to write by hand. ./es catalog check: what is out of date. ./es catalog freeze: closes the open revision, for a release.
# shellcheck shell=bash

es_catalog() {
  local mode=${1:-}
  [ $# -eq 0 ] || shift
  case $mode in
    add) catalog_add "$@" ;;
    check) [ $# -eq 0 ] || fail "expected ./es catalog check, found '$*' behind it"; catalog_check ;;
    freeze) [ $# -eq 0 ] || fail "expected ./es catalog freeze, found '$*' behind it"; catalog_freeze ;;
    *) fail "expected ./es catalog add|check|freeze, found '$mode'" ;;
  esac
}

# Each step takes what the one before has written, so the first that fails ends it: what stands already is whole, and the next run goes on.
catalog_add() {
  catalog_compile
  say "contracts -> docs/events"
  catalog_tool catalog add "$@" || fail "the catalog stays as it was"
  say "contracts -> contracts/artifacts"
  catalog_tool artifacts write >/dev/null || fail "the artifacts could not be written"
  say "catalog -> records, JSON forms, decoders"
  generator || fail "the generated sources could not be written"
  say "program -> docs/graphql/schema.graphql"
  (es_api schema) >"$ES_DATA/catalog/schema.log" 2>&1 ||
    say "the schema is not written yet (its log: $ES_DATA/catalog/schema.log); write what is left below, then ./es catalog add again"
  catalog_left || say "write these, then ./es catalog check"
}

# Every check runs: what one of them finds does not hide the next.
catalog_check() {
  local stale=0
  catalog_compile
  catalog_tool catalog check || stale=1
  catalog_tool artifacts check || stale=1
  generator --check || stale=1
  (es_api check) >"$ES_DATA/catalog/schema.log" 2>&1 ||
    { stale=1; echo "docs/graphql is not what the program serves (the log: $ES_DATA/catalog/schema.log); run ./es api schema"; }
  catalog_left || stale=1
  [ "$stale" -eq 0 ] || fail "the catalog is out of date somewhere: see above"
  echo "everything follows the catalog"
}

catalog_freeze() {
  catalog_compile
  catalog_tool catalog freeze || fail "the catalog stays as it was"
  generator || fail "the generated sources could not be written"
  say "record the world of this revision: see docs/events/README.md"
}

# forge says more than is needed when all is well, and enough when it is not.
catalog_compile() {
  need_dotnet
  need_npm "$ES_ROOT/contracts"
  mkdir -p "$ES_DATA/catalog"
  say "compiling the contracts"
  (cd "$ES_ROOT/contracts" && forge build) >"$ES_DATA/catalog/forge.log" 2>&1 ||
    { cat "$ES_DATA/catalog/forge.log"; fail "the contracts do not compile"; }
}

catalog_tool() { (cd "$ES_ROOT/contracts" && node "tools/$1.mjs" "${@:2}"); }

generator() { dotnet run -c Release -v q --project "$ES_ROOT/tools/EventGenerator" -- "$@"; }

# What no generator can know: which thing an event changes, and how.
catalog_left() { catalog_tool catalog-left; }
