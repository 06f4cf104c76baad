#!/bin/sh
# Starts Postgres in a container, after making an empty cluster if there is none. The image's own entry point is not
# used: it starts as root, and makes databases at the first start only, while `provision` makes what a version needs.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Made aside and renamed, so that a start that is interrupted leaves nothing that looks like a cluster.
  rm -rf "$PGDATA.new"
  mkdir -p "$(dirname "$PGDATA")"
  # The socket is in a volume that `provision` has and no service: whoever reaches it may do everything. Over the
  # network a password is needed, and the superuser has none.
  initdb --pgdata="$PGDATA.new" --username=postgres --auth-local=trust --auth-host=reject \
    --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8
  echo 'host all all all scram-sha-256' >"$PGDATA.new/pg_hba.conf.network"
  sed '/^host/d' "$PGDATA.new/pg_hba.conf" >>"$PGDATA.new/pg_hba.conf.network"
  mv "$PGDATA.new/pg_hba.conf.network" "$PGDATA.new/pg_hba.conf"
  mv "$PGDATA.new" "$PGDATA"
fi

# wal_keep_size: what is written while a backup copies the files must still be there when it is done.
exec postgres -D "$PGDATA" \
  -c listen_addresses='*' \
  -c unix_socket_directories=/run/postgresql \
  -c max_connections=200 \
  -c wal_keep_size=512MB \
  -c max_wal_size=512MB \
  -c timezone=UTC -c log_timezone=UTC
