#!/bin/sh
# Two boxes and a third vote. Each box has a PostgreSQL server, which Patroni fails over by itself; etcd on all three says
# which box takes writes. As root, with one password of your choice, on box one, then on box two, then on the third machine:
#   PASSWORD=… two-boxes.sh box  10.0.0.1 10.0.0.2 10.0.0.3
#   PASSWORD=… two-boxes.sh box  10.0.0.2 10.0.0.1 10.0.0.3
#   PASSWORD=… two-boxes.sh vote 10.0.0.3 10.0.0.1 10.0.0.2
# Own address first, then the other two. A box prints what its bridge.yaml says of the database. A machine that is switched
# on again comes back by itself; one that was replaced by the same command. DATA: another folder than /var/lib/bleep-boxes.
set -eu

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ $# = 4 ] || usage
role=$1; own=$2; second=$3; third=$4
case $role in box) vote=$third ;; vote) vote=$own ;; *) usage ;; esac
for one in "$own" "$second" "$third"; do
  case $one in *[!0-9.]*|'') echo "Addresses are written 10.0.0.1, without a port." >&2; exit 64 ;; esac
done
case $own in "$second"|"$third") usage ;; esac
[ "$second" != "$third" ] || usage
data=${DATA:-/var/lib/bleep-boxes}
password=${PASSWORD:-}; unset PASSWORD
LC_ALL=C; export LC_ALL
# Without a password whoever reaches etcd could have the server run their commands.
[ -n "$password" ] || { echo "PASSWORD is empty." >&2; exit 78; }
case $password in *[!A-Za-z0-9._~-]*) echo "PASSWORD: letters, digits and . _ ~ - only." >&2; exit 78 ;; esac
for program in etcd etcdctl $([ "$role" = vote ] || echo patroni initdb); do
  command -v "$program" >/dev/null || { echo "Install etcd-server, etcd-client and, on a box, postgresql and patroni." >&2; exit 69; }
done

# PostgreSQL refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid="$user" --regid="$user" --init-groups "$@"); else "$@"; fi; }
user=postgres
id -u $user >/dev/null 2>&1 || user=etcd
who=root:$password
ctl() (
  ETCDCTL_API=3; export ETCDCTL_API
  [ -z "$who" ] || { ETCDCTL_USER=$who; export ETCDCTL_USER; }
  etcdctl --dial-timeout=2s --command-timeout=5s \
    --endpoints="http://$own:2379,http://$second:2379,http://$third:2379" "$@"
)
# Starts a program, also after a restart of the machine.
run() {
  name=$1; shift
  if [ -d /run/systemd/system ] && [ -z "${DATA:-}" ]; then
    cat > "/etc/systemd/system/bleep-$name.service" <<UNIT
[Unit]
Description=$name of two boxes
After=network-online.target
Wants=network-online.target
[Service]
User=$user
ExecStart=$*
Restart=always
RestartSec=2
KillMode=mixed
[Install]
WantedBy=multi-user.target
UNIT
    systemctl daemon-reload
    systemctl enable -q --now "bleep-$name"
  else
    as sh -c "setsid $* >>'$data/$name.log' 2>&1 </dev/null &"
  fi
}

umask 077
mkdir -p "$data"; [ "$(id -u)" != 0 ] || chown "$user:" "$data"
# One that comes back empty is new to the others.
state=new
if [ ! -e "$data/etcd" ] && ctl user list 2>/dev/null | grep -qx root; then
  old=$(ctl member list | grep -F "http://$own:2380" | cut -d, -f1)
  [ -z "$old" ] || ctl member remove "$old" >/dev/null
  ctl member add "$own" --peer-urls="http://$own:2380" >/dev/null
  state=existing
fi
as sh -c "cat >'$data/etcd.yaml'" <<YAML
name: $own
data-dir: $data/etcd
listen-peer-urls: http://$own:2380
initial-advertise-peer-urls: http://$own:2380
listen-client-urls: http://$own:2379
advertise-client-urls: http://$own:2379
initial-cluster: $own=http://$own:2380,$second=http://$second:2380,$third=http://$third:2380
initial-cluster-state: $state
# Patroni speaks to etcd by this; a configuration file turns it off.
enable-grpc-gateway: true
# Milliseconds: small boxes have slow disks.
heartbeat-interval: 200
election-timeout: 2000
YAML
run etcd "$(command -v etcd)" --config-file "$data/etcd.yaml"

if [ "$role" = vote ]; then
  tries=0
  until names=$(ctl user list 2>/dev/null); do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "Neither box answers: run the command there first." >&2; exit 75; }
    sleep 1
  done
  if ! echo "$names" | grep -qx root; then
    who=
    echo "$password" | ctl user add root --interactive=false >/dev/null
    ctl user grant-role root root >/dev/null
    ctl auth enable >/dev/null
  fi
  exit
fi

programs=$(for one in /usr/lib/postgresql/*/bin; do echo "$one"; done | sort -V | tail -1)
as sh -c "cat >'$data/patroni.yaml'" <<YAML
scope: bleeps
name: box-$own
etcd3:
  hosts: [$own:2379, $second:2379, $vote:2379]
  username: root
  password: '$password'
restapi:
  listen: $own:8008
  connect_address: $own:8008
  authentication: { username: bleep, password: '$password' }
bootstrap:
  dcs:
    # A box that says nothing for so many seconds is lost; a server that dies is left at once.
    ttl: 15
    loop_wait: 2
    retry_timeout: 5
    primary_start_timeout: 0
    # A page is answered when both boxes have it, or when only one is left.
    synchronous_mode: true
    postgresql: { use_pg_rewind: true }
  initdb: [ { encoding: UTF8 }, { locale: C.UTF-8 }, data-checksums ]
  post_init: sh -c '$programs/psql -qXc "create database bleeps" "\$0"'
postgresql:
  listen: $own:5432
  connect_address: $own:5432
  data_dir: $data/postgres
  bin_dir: $programs
  pgpass: $data/pgpass
  authentication:
    superuser: { username: bleep, password: '$password' }
    replication: { username: bleep, password: '$password' }
  basebackup: [ { checkpoint: fast } ]
  parameters: { unix_socket_directories: '', password_encryption: scram-sha-256 }
  pg_hba:
    - host all,replication bleep $own/32 scram-sha-256
    - host all,replication bleep $second/32 scram-sha-256
    - host all,replication bleep 127.0.0.1/32 scram-sha-256
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
YAML
run patroni "$(command -v patroni)" "$data/patroni.yaml"

# What the daemon of this box is to be told: nobody needs to know which takes writes now.
cat <<YAML
store:
  kind: postgres
  url: env:DATABASE  # postgres://bleep:PASSWORD@$second,$own/bleeps?target_session_attrs=read-write
  outlast: /var/lib/bleepd/apart/bleeps.sqlite
YAML
