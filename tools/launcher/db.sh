# ./es db: a PostgreSQL cluster of our own in .data/postgres, on loopback, never run by root.
# shellcheck shell=bash

ES_DB_DIR=$ES_DATA/postgres

es_db() {
  case ${1:-} in
    start) db_start ;;
    stop) db_stop ;;
    psql) shift; db_start; "$(pg_bin)/psql" "$(database_url)" "$@" ;;
    *) fail "expected ./es db start|stop|psql, found '${1:-}'" ;;
  esac
}

# The connection string that .NET programs take, and the one that psql takes.
database_string() { printf 'Host=127.0.0.1;Port=%s;Username=es;Database=es' "$ES_DB_PORT"; }
database_url() { printf 'postgresql://es@127.0.0.1:%s/es' "$ES_DB_PORT"; }

pg_bin() {
  local folder
  for folder in /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && { printf '%s' "$folder"; return; }
  done
  fail "expected PostgreSQL's initdb under /usr/lib/postgresql, found none; install postgresql-15"
}

# PostgreSQL refuses to be root: then the user that Debian made for it runs the cluster.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi
}

# As root, a checkout may lie where that user cannot look: then the cluster lies in a folder that it can reach.
db_folder() {
  if [ "$(id -u)" -eq 0 ]; then
    printf '/var/lib/eventsourced/%s' "$(printf '%s' "$ES_DB_DIR" | sha256sum | cut -c1-12)"
  else
    printf '%s' "$ES_DB_DIR"
  fi
}

db_start() {
  need_apt postgresql-15
  local bin folder
  bin=$(pg_bin) folder=$(db_folder)
  if [ -f "$folder/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$folder" status >/dev/null 2>&1; then
    db_ready || fail "the cluster in $folder runs, but not on port $ES_DB_PORT; ./es db stop stops it"
    return 0
  fi
  ! port_taken "$ES_DB_PORT" || fail "port $ES_DB_PORT is taken, and not by our PostgreSQL; choose another: ES_DB_PORT=15433 ./es ..."
  mkdir -p "$ES_DATA"
  if [ ! -f "$folder/PG_VERSION" ]; then
    say "creating a PostgreSQL cluster"
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$folder"
    as_postgres "$bin/initdb" -D "$folder" -U es --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    printf '%s\n' "$folder" >"$ES_DATA/postgres.folder"
  fi
  say "starting PostgreSQL on port $ES_DB_PORT"
  as_postgres "$bin/pg_ctl" -D "$folder" -l "$folder/log" -w -t 30 -s start -o "-p $ES_DB_PORT \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=512MB \
    -c max_wal_size=4GB -c random_page_cost=1.1 -c jit=off -c timezone=UTC" ||
    fail "PostgreSQL did not start; its log is $folder/log"
  db_ready || fail "PostgreSQL started but does not answer on port $ES_DB_PORT"
  "$bin/psql" -qAt "postgresql://es@127.0.0.1:$ES_DB_PORT/postgres" -c "select 1 from pg_database where datname = 'es'" |
    grep -q 1 || "$bin/createdb" -h 127.0.0.1 -p "$ES_DB_PORT" -U es es
}

db_ready() { "$(pg_bin)/pg_isready" -q -h 127.0.0.1 -p "$ES_DB_PORT" -U es; }

db_stop() {
  local folder
  folder=$(db_folder)
  [ -f "$folder/postmaster.pid" ] || return 0
  say "stopping PostgreSQL"
  as_postgres "$(pg_bin)/pg_ctl" -D "$folder" -m fast -w -s stop || fail "PostgreSQL did not stop; its log is $folder/log"
}
