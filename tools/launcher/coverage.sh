# ./es coverage: runs the .NET tests and prints how many lines of every project in src and lib they reach.
# shellcheck shell=bash

# What every project must reach, in percent, and what the heart must.
ES_COVERED=85
ES_COVERED_DOMAIN=95

# es_coverage [TESTS...]: of some folders in tests only, the table says what these reach and judges nothing.
es_coverage() {
  test_setup
  local out=$ES_DATA/coverage name
  local -a projects=()
  for name in "$@"; do
    [ -d "$ES_ROOT/tests/$name" ] || fail "expected a folder in tests, found '$name'"
    projects+=("$ES_ROOT/tests/$name")
  done
  rm -rf "$out" && mkdir -p "$out"
  say "building"
  dotnet build EventSourced.sln -c Release -v q -nologo >"$out/build.log" 2>&1 || fail "the build failed: ${out#"$ES_ROOT"/}/build.log"
  for name in "${projects[@]:-EventSourced.sln}"; do
    say "running the .NET tests of $(basename "$name") (log: ${out#"$ES_ROOT"/}/tests.log)"
    dotnet test "$name" -c Release --no-build --nologo -m:1 --collect 'XPlat Code Coverage' --results-directory "$out" \
      >>"$out/tests.log" 2>&1 || { failures "$out/tests.log"; fail "expected every test to pass before its lines are counted"; }
  done
  find "$out" -name 'coverage.cobertura.xml' -exec cat {} + | covered "$ES_ROOT/" $#
}

# covered ROOT SOME: a table of the reports on standard input. A line is reached where one report says so; what the compiler generated
# lies outside the rooms and is not counted.
covered() {
  awk -v root="$1" -v some="$2" -v goal="$ES_COVERED" -v domain="$ES_COVERED_DOMAIN" '
    function value(name) { match($0, name "=\"[^\"]*\""); return substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 3) }
    /<source>/ { base = $0; gsub(/ *<\/?source>/, "", base); gsub(/\r/, "", base); if (base !~ /\/$/) base = base "/" }
    /<class / {
      file = base value("filename")
      counts = index(file, root) == 1
      file = substr(file, length(root) + 1)
      counts = counts && file ~ /^(src|lib)\// && file !~ /\/obj\//
    }
    counts && /<line / { key = file ":" value("number"); if (!(key in hits)) hits[key] = 0; if (value("hits") > 0) hits[key] = 1 }
    END {
      for (key in hits) { split(key, part, "/"); room = part[1] "/" part[2]; lines[room]++; reached[room] += hits[key]; found = 1 }
      if (!found) { print "expected reports of lines in src and lib, found none"; exit 1 }
      for (room in lines) {
        needed = room == "src/Domain" ? domain : goal
        percent = 100 * reached[room] / lines[room]
        low += percent < needed
        printf "%-20s %6d of %6d lines %6.1f %%%s\n", room, reached[room], lines[room], percent, percent < needed && !some ? "  expected " needed " %" : "" | "sort"
      }
      close("sort")
      exit low > 0 && !some
    }'
}
