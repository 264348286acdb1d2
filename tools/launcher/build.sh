# Programs as they are run: built for release, compiled ahead of time, so that they are fast from their first second. Where the compiler's package
# cannot be had, they are built as usual and compile while they run.
# shellcheck shell=bash

# program FOLDER: builds it, in its own folder, for some look for the repository above them, and prints the path of its program.
program() {
  local folder=$1 name out log
  name=$(basename "$folder")
  out=$folder/bin/published
  log=$ES_DATA/build/$name.log
  mkdir -p "$out" "$ES_DATA/build"
  if dotnet publish "$folder" -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true \
    -o "$out" -v q -nologo >"$log" 2>&1; then
    printf '%s/EventSourced.%s.dll' "$out" "$name"
    return
  fi
  dotnet build "$folder" -c Release -v q -nologo >"$log" 2>&1 || {
    grep -E 'error' "$log" | sort -u | head -n 20 >&2
    fail "$name could not be built; the whole log is $log"
  }
  say "$name could not be compiled ahead of time; it compiles while it runs"
  printf '%s/bin/Release/net10.0/EventSourced.%s.dll' "$folder" "$name"
}
