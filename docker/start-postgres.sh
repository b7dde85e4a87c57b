#!/bin/sh
# Run by PostgreSQL's image once, on a fresh volume: a database and its owner for each service.
set -eu
for owner in identity members smartcs; do
  psql -v ON_ERROR_STOP=1 -U postgres -v owner="$owner" -v password="$(cat "/run/secrets/$owner-password")" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"owner" OWNER :"owner";
SQL
done
