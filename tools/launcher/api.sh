# ./es api schema: writes anew what is generated of the API and checked in: the descriptions of its fields and docs/graphql/schema.graphql. Read the
# difference before you commit it: what clients use must stay. ./es api check: whether they are what the program serves.
# shellcheck shell=bash

es_api() {
  need_dotnet
  case $* in
    schema) api_schema ;;
    check) dotnet test "$ES_ROOT/tests/Api.Tests" -c Release --nologo -v q --filter 'FullyQualifiedName~SchemaTests' ;;
    *) fail "expected ./es api schema|check, found '$*'" ;;
  esac
}

api_schema() {
  # The schema has the descriptions in it, so they come first; then what they say is built in.
  local test
  for test in Descriptions_are_those_of_the_domain The_schema_is_the_one_that_is_checked_in; do
    ES_ACCEPT=1 dotnet test "$ES_ROOT/tests/Api.Tests" -c Release --nologo -v q --filter "FullyQualifiedName~$test" || return
  done
}
