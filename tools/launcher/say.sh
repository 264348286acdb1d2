# How the launcher speaks: progress on standard error, one line a step, failures named and final.
# shellcheck shell=bash

say() { printf '\033[2m==>\033[0m %s\n' "$*" >&2; }

fail() {
  printf 'es: %s\n' "$*" >&2
  exit 1
}

# Whether something listens on a loopback port.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for SECONDS WHAT COMMAND...: polls until the command succeeds.
wait_for() {
  local seconds=$1 what=$2 tries
  shift 2
  for ((tries = seconds * 10; tries > 0; tries--)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  fail "expected $what within $seconds s, found nothing"
}

# A recorded process that still runs.
running() { [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# stop_process PIDFILE SECONDS [SIGNAL]: asks, waits, then insists. What a script starts in the background ignores INT unless it minds itself,
# as anvil does; .NET programs mind TERM.
stop_process() {
  local pid tries
  running "$1" || { rm -f "$1"; return 0; }
  pid=$(cat "$1")
  kill -"${3:-INT}" "$pid" 2>/dev/null || true
  for ((tries = $2 * 10; tries > 0; tries--)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1"
}
