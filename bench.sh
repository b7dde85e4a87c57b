#!/usr/bin/env bash
# Measures the provider beside the limit server and npm's oidc-provider, and prints the table.
# The server under load has core 0 to itself; load generator and PostgreSQL share core 1.
#   ./bench.sh         five rounds of five seconds a scenario and server
#   ./bench.sh quick   one round of two seconds
set -euo pipefail
cd "$(dirname "$0")"
. .ci/machine.sh

case ${1-full} in
  full) seconds=5 rounds=5 ;;
  quick) seconds=2 rounds=1 ;;
  *) die "usage: ./bench.sh [quick]" ;;
esac
require dotnet postgresql node libargon2
[ "$(nproc)" -ge 2 ] || die "At least two cores are needed: one for the server under load, one for everything else."

./publish
mkdir -p artifacts/bench
dotnet build bench/Bench.csproj -c Release -v q -nologo >artifacts/bench/build.log || { cat artifacts/bench/build.log; die "The build failed."; }
npm_install bench/peer

cluster=$(mktemp -d /var/tmp/identity-bench-XXXXXX)
chmod 711 "$cluster"
trap 'postgres_stop "$cluster/data" || true; rm -rf "$cluster"' EXIT
trap 'exit 130' INT TERM
port=$(free_port) password=$(draw_secret)
postgres_create "$cluster/data" "$password"
# This shell and all it starts keep to core 1; each server under load is moved to core 0. Commits wait for the disk.
taskset -pc 1 $$ >/dev/null
postgres_start "$cluster/data" "$port" "-c fsync=on -c synchronous_commit=on -c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB"
bench/bin/Release/net10.0/Bench run "Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres" "$seconds" "$rounds"
