# ./es db: a PostgreSQL cluster of our own in .data/postgres, on loopback, never run by root. ./es db adopt: keeps the cluster that an earlier
# checkout left at this place.
# shellcheck shell=bash

ES_DB_DIR=$ES_DATA/postgres

es_db() {
  case ${1:-} in
    start) db_start ;;
    stop) db_stop ;;
    adopt) db_adopt ;;
    psql) shift; db_start; "$(pg_bin)/psql" "$(database_url)" "$@" ;;
    *) fail "expected ./es db start|stop|psql|adopt, found '${1:-}'" ;;
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
  ! db_left_over || say "using the cluster in $folder, which an earlier checkout at this place left"
  if [ -f "$folder/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$folder" status >/dev/null 2>&1; then
    db_ready || fail "the cluster in $folder runs, but not on port $ES_DB_PORT; ./es db stop stops it"
    return 0
  fi
  ! port_taken "$ES_DB_PORT" || fail "port $ES_DB_PORT is taken by $(db_holder); choose another: ES_DB_PORT=15433 ./es ..."
  mkdir -p "$ES_DATA"
  if [ ! -f "$folder/PG_VERSION" ]; then
    say "creating a PostgreSQL cluster"
    mkdir -p "$folder"
    [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$folder"
    as_postgres "$bin/initdb" -D "$folder" -U es --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    db_adopt
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

# A cluster outside of .data outlives its checkout. Its rows are those of a chain that is gone with the checkout's .data.
db_left_over() { [ -f "$(db_folder)/PG_VERSION" ] && [ ! -f "$ES_DATA/postgres.folder" ]; }

db_adopt() {
  [ -f "$(db_folder)/PG_VERSION" ] || fail "expected a cluster in $(db_folder), found none; ./es db start makes one"
  printf '%s\n' "$(db_folder)" >"$ES_DATA/postgres.folder"
}

# Names the program behind the port: a cluster of another checkout, or of one that was deleted while its cluster ran.
db_holder() {
  local data process
  data=$(db_ask 'show data_directory') || { printf 'another program'; return; }
  process=$(db_ask "select pid from pg_stat_activity where backend_type = 'checkpointer'")
  process=$(awk '$1 == "PPid:" { print $2 }' "/proc/$process/status" 2>/dev/null) || process=unknown
  if as_postgres test -d "$data" 2>/dev/null; then
    printf 'the cluster of another checkout: data %s, process %s' "$data" "$process"
  else
    printf 'the cluster of a checkout that was deleted: data %s, process %s; kill -INT %s ends it' "$data" "$process" "$process"
  fi
}

db_ask() { "$(pg_bin)/psql" -qAtX -c "$1" "postgresql://es@127.0.0.1:$ES_DB_PORT/postgres?connect_timeout=3" 2>/dev/null; }

db_ready() { "$(pg_bin)/pg_isready" -q -h 127.0.0.1 -p "$ES_DB_PORT" -U es; }

db_stop() {
  local folder
  folder=$(db_folder)
  [ -f "$folder/postmaster.pid" ] || return 0
  say "stopping PostgreSQL"
  as_postgres "$(pg_bin)/pg_ctl" -D "$folder" -m fast -w -s stop || fail "PostgreSQL did not stop; its log is $folder/log"
}
