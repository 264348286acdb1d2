# What the machine must have, installed when it is missing: Debian packages by apt, everything else by npm.
# shellcheck shell=bash

# shellcheck disable=SC2034 # read by the other parts of the launcher
ES_APT=(postgresql-15 wabt chromium golang-go golang-golang-x-mod-dev curl jq prometheus rabbitmq-server)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

need_tool() { command -v "$1" >/dev/null 2>&1 || fail "expected $1 on the PATH, found none; install $2"; }

# need_apt PACKAGE...: installs what is missing, or names it where we may not.
need_apt() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    fail "these Debian packages are missing and this user may not install them: ${missing[*]}; run: sudo apt-get install ${missing[*]}"
  fi
  # A cluster of our own is made in .data; Debian's automatic one would only take a port.
  as_root mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    printf 'create_main_cluster = false\n' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  # Tests start a broker of their own: Debian's service would only take ports, and listen beyond loopback.
  if [[ " ${missing[*]} " == *" rabbitmq-server "* ]] && [ ! -e /etc/systemd/system/rabbitmq-server.service ]; then
    as_root mkdir -p /etc/systemd/system
    as_root ln -s /dev/null /etc/systemd/system/rabbitmq-server.service
  fi
  as_root apt-get update -qq || say "the package lists could not be refreshed; trying with the old ones"
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "could not install ${missing[*]}"
}

# need_npm FOLDER: installs the locked packages of a folder once per lock file.
need_npm() {
  need_tool npm 'Node.js with npm'
  local stamp="$1/node_modules/.es-lock"
  cmp -s "$1/package-lock.json" "$stamp" 2>/dev/null && return 0
  say "installing the npm packages of ${1#"$ES_ROOT"/}"
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || fail "npm could not install the packages of $1"
  cp "$1/package-lock.json" "$stamp"
}

need_dotnet() { need_tool dotnet 'the .NET SDK 10'; }
