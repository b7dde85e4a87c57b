# shellcheck shell=bash
# What a machine needs to build, run and test Identity, and a private PostgreSQL cluster on it. Sourced by run, test, bench.sh and .ci/run.

die() { printf '%s\n' "$*" >&2; exit 1; }

postgres_bin() {
  local on_path
  # A link to initdb alone does not lead to the other programs beside it.
  if on_path=$(command -v initdb); then dirname "$(readlink -f "$on_path")"; return; fi
  # Debian and Ubuntu keep the server's programs off the path, one folder a version.
  # shellcheck disable=SC2012 # the names are version numbers
  ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname
}

has_library() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -q "$1"; }

is_there() {
  case $1 in
    dotnet) command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' ;;
    postgresql) [ -n "$(postgres_bin)" ] ;;
    node) command -v node >/dev/null && command -v npm >/dev/null ;;
    chromium) command -v chromium >/dev/null ;;
    nginx) PATH=$PATH:/usr/sbin command -v nginx >/dev/null ;;
    libargon2) has_library 'libargon2\.so\.1' ;;
    libicu) has_library 'libicuuc\.so' ;;
    *) die "unknown requirement $1" ;;
  esac
}

debian_packages() {
  case $1 in
    postgresql) echo postgresql ;;
    node) echo nodejs npm ;;
    chromium) echo chromium ;;
    # The one of Debian's nginx packages with the least in it.
    nginx) echo nginx-light ;;
    libargon2) echo libargon2-1 ;;
    # The package is named after the library's version, and each release of Debian has one.
    libicu) apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1 ;;
  esac
}

# require <thing>…: what is missing is installed on Debian and Ubuntu as root, and otherwise named with the command that installs it.
require() {
  local thing packages=() missing=()
  for thing in "$@"; do is_there "$thing" || missing+=("$thing"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  [[ " ${missing[*]} " != *" dotnet "* ]] || die "The .NET 10 SDK is missing; install it from https://dotnet.microsoft.com/download/dotnet/10.0"
  command -v apt-get >/dev/null || die "Missing: ${missing[*]}. Install them with this system's package manager."
  if [ "$(id -u)" = 0 ]; then apt-get update -qq; fi
  # shellcheck disable=SC2207 # package names hold no spaces
  for thing in "${missing[@]}"; do packages+=($(debian_packages "$thing")); done
  local install="apt-get install -y --no-install-recommends ${packages[*]}"
  [ "$(id -u)" = 0 ] || die "Missing: ${missing[*]}. Install with: sudo $install"
  echo "Missing: ${missing[*]}. Installing with: $install"
  DEBIAN_FRONTEND=noninteractive $install >/dev/null
  for thing in "${missing[@]}"; do is_there "$thing" || die "$thing is still missing after: $install"; done
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# postgres_create <folder> <password>: a cluster that asks everyone for the password.
postgres_create() {
  local folder=$1 password_file
  mkdir -p "$folder"
  [ "$(id -u)" != 0 ] || chown postgres: "$folder"
  password_file=$(as_postgres mktemp)
  as_postgres tee "$password_file" <<<"$2" >/dev/null
  as_postgres "$(postgres_bin)/initdb" -D "$folder" -U postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 \
    --pwfile="$password_file" >/dev/null
  rm "$password_file"
}

# postgres_start <folder> <port> [settings]
postgres_start() {
  local folder=$1 port=$2 settings=${3-}
  as_postgres "$(postgres_bin)/pg_ctl" -D "$folder" -l "$folder/server.log" -w -s \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= $settings" start \
    || die "PostgreSQL did not start; its log: $folder/server.log"
}

postgres_stop() {
  as_postgres "$(postgres_bin)/pg_ctl" -D "$1" -m fast -w -s stop
}

# A port that nobody listens on at this moment.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  die "no free port found"
}

draw_secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# npm_install <folder>: as its lock file says, once for each state of the lock file.
npm_install() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] || (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
}
