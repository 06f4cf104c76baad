#!/bin/sh
# Writes a copy of the running Postgres to standard output: tar archives one after the other, which
# `tar --extract --ignore-zeros` takes apart. This is the low-level backup of Postgres' manual, which needs nothing but
# psql and tar; the server goes on reading and writing meanwhile.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work

# Both calls in one session: it is what keeps the backup open. A tar that ends with 1 has met a file that changed while
# it was read; the write-ahead log puts that right.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host=/run/postgresql --username=postgres --dbname=postgres <<'SQL'
SELECT pg_backup_start('longwave', fast => true) \g /dev/null
\! tar --create --file=- --directory="$PGDATA" --exclude='./pg_wal/*' --exclude=./postmaster.pid --exclude=./postmaster.opts . || [ $? -eq 1 ] || touch "$work/failed"
\pset format unaligned
\pset tuples_only on
\o | cat >"$work/answer"
SELECT pg_walfile_name(lsn) || E'\n' || labelfile FROM pg_backup_stop(wait_for_archive => false);
\o
SQL
[ ! -e "$work/failed" ]

# What was written from the one call to the other, and nothing older: `wal_keep_size` keeps much more than is needed.
last=$(sed -n 1p "$work/answer")
sed 1d "$work/answer" >"$work/backup_label"
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$work/backup_label")
segments=$(ls "$PGDATA/pg_wal" | awk -v first="$first" -v last="$last" \
  'length($0) == 24 && ($0 "") >= (first "") && ($0 "") <= (last "") { print "pg_wal/" $0 }')
[ -n "$first" ] && [ -n "$segments" ]
tar --create --file=- --directory="$work" backup_label
# shellcheck disable=SC2086 # One word for each segment.
tar --create --file=- --directory="$PGDATA" $segments
