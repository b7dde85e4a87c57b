#!/bin/sh
# Draws every secret of docker-compose.yml into docker/secrets, once: what is there already stays. With IDENTITY_HOST set and no certificate in docker/tls it makes
# one, self-signed, for trying things out.
#   docker/draw-secrets.sh [folder]     into another folder than docker
set -eu
cd "${1:-$(dirname "$0")}"
umask 077
mkdir -p secrets tls

# draw <name> <command…>
draw() {
  name=$1
  shift
  [ -s "secrets/$name" ] || "$@" >"secrets/$name"
}

hex() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

draw kek sh -c 'head -c 32 /dev/urandom | base64'
draw admin-password hex
draw postgres-password hex
draw members-introspection hex
draw smartcs-introspection hex
for owner in identity members smartcs; do
  draw "$owner-password" hex
  draw "$owner-connection" printf 'Host=postgres;Database=%s;Username=%s;Password=%s' "$owner" "$owner" "$(cat "secrets/$owner-password")"
done

if [ ! -s tls/certificate.pem ]; then
  host=${IDENTITY_HOST:-id.example.com}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host,DNS:members.$host,DNS:smart-cs.$host" -keyout tls/key.pem -out tls/certificate.pem 2>/dev/null
fi

# Compose mounts the files as they are, and the containers' users are not ours: they may read the files, while nobody else enters the folders.
chmod 644 secrets/* tls/certificate.pem
echo "drawn: $(pwd)/secrets. Keep kek apart from backups of the database (docs/production.md)."
