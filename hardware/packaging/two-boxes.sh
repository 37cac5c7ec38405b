#!/bin/sh
# One of two boxes: its PostgreSQL server, the first to take writes or the second that stands by, and what its bridge.yaml
# says of the database. First on one box, then on the other, as root:
#   PASSWORD=… two-boxes.sh first  10.0.0.1 10.0.0.2
#   PASSWORD=… two-boxes.sh second 10.0.0.2 10.0.0.1
# Own address and the other's, with :PORT where that is not 5432. DATA: another folder than /var/lib/postgresql/bleeps.
# When box one is lost: two-boxes.sh promote 10.0.0.2, on box two, once somebody has seen that box one is off. When box two
# is lost: two-boxes.sh alone 10.0.0.1, on box one. The lost box comes back as the second, with DATA empty.
set -eu

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
role=${1:-}; own=${2:-}; peer=${3:-}
case $role in first|second) [ -n "$peer" ] || usage ;; promote|alone) [ -n "$own" ] || usage ;; *) usage ;; esac

address() { echo "${1%%:*}"; }
port() { case $1 in *:*) echo "${1##*:}" ;; *) echo 5432 ;; esac; }
data=${DATA:-/var/lib/postgresql/bleeps}
programs=$(for one in /usr/lib/postgresql/*/bin; do echo "$one"; done | sort -V | tail -1)
[ -x "$programs/initdb" ] || { echo "Install postgresql first." >&2; exit 69; }

# Without a password nobody may be let in from another machine.
PGPASSWORD=${PASSWORD:-}; export PGPASSWORD
way=scram-sha-256
if [ -z "$PGPASSWORD" ]; then
  for one in "$own" "${peer:-127.0.0.1}"; do
    case $(address "$one") in
      127.*) way=trust ;;
      *) echo "PASSWORD is empty: only addresses of this machine can do without one." >&2; exit 78 ;;
    esac
  done
fi

# The server refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi; }
ask() { as "$programs/psql" -qX -h "$(address "$own")" -p "$(port "$own")" -U bleep -d postgres -c "$1" >/dev/null; }
begin() {
  as sh -c "cat >> '$data/postgresql.conf'" <<CONF
listen_addresses = '$(address "$own")'
port = $(port "$own")
unix_socket_directories = ''
CONF
  as "$programs/pg_ctl" start -w -D "$data" -l "$data/server.log" >/dev/null
  # After a restart of the machine as well.
  if [ -d /run/systemd/system ] && [ -z "${DATA:-}" ]; then
    cat > /etc/systemd/system/bleep-database.service <<UNIT
[Unit]
Description=PostgreSQL of Bleep Bridge
After=network-online.target
[Service]
Type=forking
User=postgres
ExecStart=$programs/pg_ctl start -w -D $data -l $data/server.log
ExecStop=$programs/pg_ctl stop -m fast -D $data
[Install]
WantedBy=multi-user.target
UNIT
    systemctl enable -q bleep-database
  fi
}
# What the daemon of this box is to be told, own box last: nobody needs to know which takes writes now.
tell() {
  secret=${PGPASSWORD:+:PASSWORD}
  cat <<YAML
store:
  kind: postgres
  url: env:DATABASE  # postgres://bleep$secret@$peer,$own/bleeps?target_session_attrs=read-write
  outlast: /var/lib/bleepd/apart/bleeps.sqlite
YAML
}

umask 077
case $role in
  first)
    mkdir -p "$data"; [ "$(id -u)" != 0 ] || chown postgres: "$data"
    words=$(mktemp); echo "$PGPASSWORD" > "$words"; [ "$(id -u)" != 0 ] || chown postgres: "$words"
    if [ "$way" = trust ]; then set -- --auth=trust; else set -- --auth=scram-sha-256 --pwfile="$words"; fi
    as "$programs/initdb" -D "$data" -U bleep --locale=C.UTF-8 --encoding=UTF8 "$@" >/dev/null
    rm -f "$words"
    for one in "$own" "$peer"; do
      printf 'host all,replication bleep %s/32 %s\n' "$(address "$one")" "$way" | as sh -c "cat >> '$data/pg_hba.conf'"
    done
    begin
    ask 'create database bleeps'
    tell ;;
  second)
    mkdir -p "$data"; [ "$(id -u)" != 0 ] || chown postgres: "$data"
    as "$programs/pg_basebackup" -h "$(address "$peer")" -p "$(port "$peer")" -U bleep -D "$data" -R -X stream -c fast
    begin
    # From now on a page is answered when both boxes have it.
    there=$own; own=$peer
    ask "alter system set synchronous_standby_names = 'ANY 1 (*)'"
    ask 'select pg_reload_conf()'
    own=$there
    tell ;;
  promote)
    # Commits must not wait for a box that is no more.
    echo "synchronous_standby_names = ''" | as sh -c "cat >> '$data/postgresql.auto.conf'"
    as "$programs/pg_ctl" promote -w -D "$data" >/dev/null
    ask 'select pg_reload_conf()' ;;
  alone)
    ask "alter system set synchronous_standby_names = ''"
    ask 'select pg_reload_conf()' ;;
esac
