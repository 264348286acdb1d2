# ./es down, ./es status, ./es reset: from another terminal, or after one that died.
# shellcheck shell=bash

es_down() {
  [ $# -eq 0 ] || fail "expected ./es down, found '$*'"
  if running "$ES_UP_PID"; then
    # The launcher that is up ends its parts in their turn; the whole may take as long as they may.
    local up tries
    up=$(cat "$ES_UP_PID")
    say "stopping ./es up (process $up)"
    kill -TERM "$up"
    for ((tries = 1200; tries > 0; tries--)); do
      kill -0 "$up" 2>/dev/null || break
      sleep 0.1
    done
    ! kill -0 "$up" 2>/dev/null || fail "process $up did not end within 120 s"
  else
    stop_all
  fi
  rm -f "$ES_UP_PID"
  say "down; the data is kept in ${ES_DATA#"$ES_ROOT"/}"
}

# Prints what runs; exits 0 when the API serves the present, else 1.
es_status() {
  [ $# -eq 0 ] || fail "expected ./es status, found '$*'"
  status_line "database" "$([ -f "$(db_folder)/postmaster.pid" ] && db_ready && echo yes)" "$(database_url)"
  status_line "chain" "$(running "$ES_CHAIN_PID" && echo yes)" "$(chain_url)"
  status_line "world" "$(running "$ES_WORLD_PID" && echo yes)" "$(host_log world)"
  if ! running "$ES_HOST_PID"; then
    status_line "host" "" ""
    return 1
  fi
  local url
  url=$(cat "$ES_DATA/host/url" 2>/dev/null) || url=$(host_url)
  status_line "host" yes "$url"
  node "$ES_ROOT/tools/launcher/status.mjs" "$url"
}

status_line() { printf '%-9s %s\n' "$1" "$([ -n "$2" ] && printf 'up     %s' "$3" || printf 'down')"; }

# Forgets everything: chain, database, deployment. Asked for by name, or by a typed yes.
es_reset() {
  case "$*" in
    --yes) ;;
    '')
      [ -t 0 ] || fail "expected ./es reset --yes where nobody can be asked, found no --yes"
      printf 'This deletes the chain and the database in %s for good. Type yes: ' "$ES_DATA" >&2
      local answer
      read -r answer
      [ "$answer" = yes ] || fail "expected yes, found '$answer'; nothing was deleted"
      ;;
    *) fail "expected ./es reset [--yes], found '$*'" ;;
  esac
  ! running "$ES_UP_PID" || fail "expected nothing up, found process $(cat "$ES_UP_PID"); ./es down stops it; nothing was deleted"
  stop_all
  local folder
  folder=$(db_folder)
  rm -rf "$folder" "$ES_CHAIN_DIR" "$ES_DATA/host"
  rm -f "$ES_DATA/deployment.json" "$ES_DATA/postgres.folder"
  say "deleted; ./es up begins anew"
}
