#!/usr/bin/env bash
# The servers that the tests run on: MySQL 9.x, MariaDB 10.11 and MariaDB 11.8, each with its own
# port on 127.0.0.1 and its own throw-away data directory. Servers that run already are not touched.
#
#   scripts/servers.sh start         install what is missing, start all three, print their URLs
#   scripts/servers.sh stop          stop what `start` started and remove its data
#   scripts/servers.sh run COMMAND   start them, run COMMAND with DRIFTLINE_TEST_SERVERS, stop them
#   scripts/servers.sh own SERVER    start one more of an installed server, for a test that kills it:
#                                    prints its URL, obeys `kill`, `start`, `fill` and `free` (its disk)
#                                    on standard input, and stops it at the end of that
#
# DRIFTLINE_TEST_SERVERS   comma-separated URLs; where it is set, `run` uses those and starts none
# DRIFTLINE_SERVERS_DIR    where the installed servers are kept (/var/lib/driftline-servers)
# DRIFTLINE_OWN_DISK       how large a disk in memory `own` gives its server, as `400m`
# DRIFTLINE_SERVERS_ONLY   some of `mysql mariadb-10.11 mariadb-11.8` instead of all
#
# Debian 12 has MariaDB 10.11; MySQL and MariaDB 11.8 come from Debian's unstable and trixie into
# folders of their own, by debootstrap, which needs root and about 1.5 GB.
set -euo pipefail

SERVERS_DIR=${DRIFTLINE_SERVERS_DIR:-/var/lib/driftline-servers}
SERVERS=${DRIFTLINE_SERVERS_ONLY:-mysql mariadb-10.11 mariadb-11.8}

say() { printf '%s\n' "servers: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Installing and chroot need root; `sudo` will do where it asks for no password.
AS_ROOT=()
become_root() {
    [ "$(id -u)" -eq 0 ] && return
    if sudo -n true 2>/dev/null; then
        AS_ROOT=(sudo -n)
        return
    fi
    fail "installing and starting the test servers needs root (debootstrap and chroot).
  Run this as root, or start servers yourself (\`docker compose up --wait\`) and set
  DRIFTLINE_TEST_SERVERS=mysql://root@127.0.0.1:PORT,mariadb://root@127.0.0.1:PORT"
}

as_root() { "${AS_ROOT[@]}" "$@"; }

# --- installing -----------------------------------------------------------------------------

# The mirror that this machine's own apt uses.
debian_mirror() {
    local mirror
    mirror=$(
        { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
            awk '/^URIs:/ && $2 ~ /\/debian\/?$/ { print $2; exit }'
    )
    [ -n "$mirror" ] || mirror=$(
        { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
            awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\/.*\/debian\/?$/) { print $i; exit } }'
    )
    printf '%s' "${mirror:-http://deb.debian.org/debian}"
}

# debootstrap downloads by wget, which doesn't know apt's proxy.
use_apt_proxy() {
    local proxy
    proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy 2>/dev/null | head -n 1)
    if [ -n "$proxy" ] && [ -z "${http_proxy:-}" ]; then
        export http_proxy=$proxy
    fi
}

apt_install() {
    local log=$RUN/apt.log
    command -v apt-get >/dev/null || fail "no apt-get here: the servers are installed from Debian's packages"
    say "installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -q >"$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "$@" >>"$log" 2>&1 ||
        fail "apt-get can't install $*:
$(tail -n 15 "$log")"
}

# The packages without a service: nothing starts by itself, now or at boot. The client is the
# plain client of the tests, the program for dumps stands beside it.
install_packages() {
    local missing=()
    case " $SERVERS " in *" mariadb-10.11 "*)
        is_bookworm && ! have_mariadb_10_11 && missing+=(mariadb-server-core)
        ;;
    esac
    have_client || missing+=(mariadb-client)
    needs_folders && ! command -v debootstrap >/dev/null && missing+=(debootstrap)
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# Whether there is a client with its dump program; the tests take mariadb before mysql.
have_client() {
    if command -v mariadb >/dev/null; then
        command -v mariadb-dump >/dev/null
    else
        command -v mysql >/dev/null && command -v mysqldump >/dev/null
    fi
}

is_bookworm() { grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; }

have_mariadb_10_11() { PATH=$PATH:/usr/sbin mariadbd --version 2>/dev/null | grep -q 10.11; }

# Whether a server comes from a folder of another Debian release that isn't there yet.
needs_folders() {
    local server suite
    for server in $SERVERS; do
        suite=$(suite_of "$server")
        [ "$suite" = host ] || [ -d "$SERVERS_DIR/$suite" ] || return 0
    done
    return 1
}

# Which Debian release a server comes from, `host` for this machine itself.
suite_of() {
    case $1 in
    mysql) echo sid ;;
    mariadb-10.11) if is_bookworm || have_mariadb_10_11; then echo host; else echo bookworm; fi ;;
    mariadb-11.8) echo trixie ;;
    *) fail "there is no server $1: mysql, mariadb-10.11 or mariadb-11.8" ;;
    esac
}

# A folder is made under another name and renamed when it is whole, so that one which an
# interrupted run left half-made is never taken for a server.
bootstrap() {
    local suite=$1 packages=$2 dir=$SERVERS_DIR/$1 log=$RUN/debootstrap-$1.log
    [ -d "$dir" ] && return
    say "making $dir from Debian $suite (once, about a minute)"
    as_root mkdir -p "$SERVERS_DIR"
    as_root rm -rf --one-file-system "$dir.partial"
    use_apt_proxy
    if ! as_root env PATH="$PATH:/usr/sbin" debootstrap --variant=minbase --include="$packages" \
        "$suite" "$dir.partial" "$(debian_mirror)" >"$log" 2>&1; then
        fail "debootstrap of $suite failed:
$(tail -n 15 "$log")"
    fi
    as_root rm -rf "$dir.partial/var/cache/apt/archives"
    as_root mv "$dir.partial" "$dir"
}

# --- starting -------------------------------------------------------------------------------

FAST=(
    --no-defaults --user=root --bind-address=127.0.0.1 --skip-log-bin --secure-file-priv=
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync
    --innodb-buffer-pool-size=256M --performance-schema=OFF
)

# Ports are tried at random: one that is taken between here and the server's start makes the
# server fail, and `start_one` try again.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# Sets ROOT (the command that enters the server's folder), ROOT_DIR (that folder), and DATA and PLUGINS
# (as the server sees them), DATA_DIR and PLUGINS_DIR (as this machine sees them).
locate() {
    local server=$1 suite
    suite=$(suite_of "$server")
    if [ "$suite" = host ]; then
        ROOT=() ROOT_DIR='' DATA=$RUN/$server.data PLUGINS=$SERVERS_DIR/plugins
    else
        ROOT_DIR=$SERVERS_DIR/$suite ROOT=(chroot "$ROOT_DIR")
        DATA=/tmp/driftline-$(basename "$RUN")-$server PLUGINS=/plugins
    fi
    DATA_DIR=$ROOT_DIR$DATA PLUGINS_DIR=$ROOT_DIR$PLUGINS
}

# MariaDB's login by ed25519 is a plugin, which Debian has in the package of the server with its service.
# Of that the one file is taken, of the server's own version. `locate` has told where to.
add_plugin() {
    local server=$1 dir
    case $server in mariadb-*) ;; *) return 0 ;; esac
    [ ! -f "$PLUGINS_DIR/auth_ed25519.so" ] || return 0
    use_apt_proxy
    dir=$(as_root mktemp -d "$ROOT_DIR/tmp/driftline-plugin.XXXXXX")
    as_root "${ROOT[@]}" sh -c '
        cd "$1" && of_server=mariadb-server=$(dpkg-query -W -f "\${Version}" mariadb-server-core) &&
            { apt-get -q download "$of_server" || { apt-get -q update && apt-get -q download "$of_server"; }; } &&
            dpkg -x mariadb-server_*.deb .
    ' sh "${dir#"$ROOT_DIR"}" >"$RUN/plugin-$server.log" 2>&1 &&
        as_root install -D -m 644 "$dir/usr/lib/mysql/plugin/auth_ed25519.so" "$PLUGINS_DIR/auth_ed25519.so" ||
        say "$server has no auth_ed25519, and the test of its logins will fail: $(tail -n 1 "$RUN/plugin-$server.log")"
    as_root rm -rf --one-file-system "$dir"
}

make_data() {
    local server=$1 log=$RUN/$1.log
    printf '%s\n' "$DATA_DIR" "$DATA" >"$RUN/$server.dir"
    as_root mkdir -p "$DATA_DIR"
    case $server in
    # Redo of the smallest size: initializing writes the whole of it.
    mysql) as_root "${ROOT[@]}" /usr/sbin/mysqld "${FAST[@]}" --initialize-insecure \
        --innodb-redo-log-capacity=64M --datadir="$DATA/data" --socket="$DATA/socket" ;;
    # --force: in a bare folder the script can't look up the host's name.
    *) as_root "${ROOT[@]}" /usr/bin/mariadb-install-db --no-defaults --user=root --force \
        --auth-root-authentication-method=normal --skip-test-db --datadir="$DATA/data" ;;
    esac >"$log" 2>&1 || fail "the data directory of $server can't be made:
$(tail -n 15 "$log")"
}

launch() {
    local server=$1 port=$2 binary=/usr/sbin/mariadbd extra=(--plugin-dir="$PLUGINS")
    if [ "$server" = mysql ]; then
        binary=/usr/sbin/mysqld extra=(--mysqlx=OFF --innodb-redo-log-capacity=256M)
    fi
    as_root "${ROOT[@]}" "$binary" "${FAST[@]}" "${extra[@]}" --port="$port" \
        --datadir="$DATA/data" --socket="$DATA/socket" --pid-file="$DATA/pid" \
        >>"$RUN/$server.log" 2>&1 </dev/null &
}

answers() {
    local client=(mariadb --no-defaults --skip-ssl)
    command -v mariadb >/dev/null || client=(mysql --no-defaults)
    "${client[@]}" -h127.0.0.1 -P"$1" -uroot --connect-timeout=2 -e 'SELECT 1' >/dev/null 2>&1
}

# Waits until the server that `launch` started answers; fails when it has ended, or after a minute.
wait_for() {
    local server=$1 port=$2 process=$3 i
    for ((i = 0; i < 300; i++)); do
        kill -0 "$process" 2>/dev/null || return 1
        # Its own pid file is there: what answers on the port is this server and no other.
        if as_root test -s "$DATA_DIR/pid" && answers "$port"; then
            return 0
        fi
        sleep 0.2
    done
    return 1
}

start_one() {
    local server=$1 port attempt
    locate "$server"
    add_plugin "$server"
    make_data "$server"
    for attempt in 1 2 3; do
        port=$(free_port)
        launch "$server" "$port"
        if wait_for "$server" "$port" $!; then
            printf '%s://root@127.0.0.1:%s\n' "${server%%-*}" "$port" >"$RUN/$server.url"
            return
        fi
        grep -q 'already in use' "$RUN/$server.log" || break
    done
    fail "$server doesn't start:
$(tail -n 15 "$RUN/$server.log")"
}

# Begins to install and start all of them into the folder $RUN, several at once; `finish_start`
# waits for them. Each has a process group of its own, which `stop` can end as a whole and which a
# Ctrl-C on the terminal doesn't reach.
JOBS=()
start() {
    local server suite
    become_root
    mkdir -p "$RUN"
    install_packages
    set -m
    for server in $SERVERS; do
        (
            suite=$(suite_of "$server")
            case $suite in
            host) ;;
            sid) bootstrap "$suite" mysql-server-core,mysql-client-core ;;
            *) bootstrap "$suite" mariadb-server-core,mariadb-client-core ;;
            esac
            start_one "$server"
        ) </dev/null &
        JOBS+=($!)
    done
    set +m
}

finish_start() {
    local job failed=0
    for job in "${JOBS[@]}"; do
        wait "$job" || failed=1
    done
    JOBS=()
    return $failed
}

urls() {
    local server
    for server in $SERVERS; do cat "$RUN/$server.url"; done | paste -s -d,
}

# Prints what each server of the list $given says of its version.
versions() {
    local url rest account password host client=(mariadb --no-defaults --skip-ssl)
    command -v mariadb >/dev/null || client=(mysql --no-defaults)
    for url in ${given//,/ }; do
        rest=${url#*://} account=
        rest=${rest%%/*}
        case $rest in *@*) account=${rest%@*} rest=${rest##*@} ;; esac
        host=${rest%%:*}
        password=${account#"${account%%:*}"}
        printf '%s: ' "$rest"
        MYSQL_PWD=${password#:} "${client[@]}" -h"$host" -P"${rest##*:}" -u"${account%%:*}" -N \
            -e 'SELECT VERSION()' || echo 'its version can not be asked by the plain client'
    done
}

# Kills the server that this shell launched last, as a crash would.
kill_last() {
    as_root kill -KILL "$(as_root cat "$DATA_DIR/pid")"
    wait "$LAST" 2>/dev/null || true
    as_root rm -f "$DATA_DIR/pid"
}

# Starts one server on whose data a kill shows what the server promises: what was committed stays,
# and a page is never half written. The list of metadata locks is there, too.
own() {
    local server=$1 port word
    FAST+=(
        --innodb-flush-log-at-trx-commit=2 --innodb-doublewrite=1 --innodb-buffer-pool-size=64M
        --performance-schema=ON
    )
    locate "$server"
    as_root mkdir -p "$DATA_DIR"
    if [ -n "${DRIFTLINE_OWN_DISK:-}" ]; then
        as_root mount -t tmpfs -o size="$DRIFTLINE_OWN_DISK" tmpfs "$DATA_DIR" ||
            fail "no disk in memory can be mounted here"
    fi
    # A server that starts removes the temporary tables that it finds, those of others, too.
    as_root mkdir -p "$DATA_DIR/tmp"
    export TMPDIR=$DATA/tmp
    start_one "$server"
    LAST=$!
    cat "$RUN/$server.url"
    port=$(sed 's/.*://' "$RUN/$server.url")
    while read -r word; do
        case $word in
        kill) kill_last ;;
        start)
            launch "$server" "$port"
            LAST=$!
            wait_for "$server" "$port" "$LAST" || fail "$server doesn't start again:
$(tail -n 15 "$RUN/$server.log")"
            ;;
        # All but 8 MB.
        fill) as_root fallocate -l $(($(stat -f -c '%a * %S' "$DATA_DIR") - 8388608)) "$DATA_DIR/filler" ;;
        free) as_root rm -f "$DATA_DIR/filler" ;;
        esac
        echo "$word: done"
    done
}

# Ends a process group: at once if it heeds TERM, as debootstrap does, which has mounts to undo.
end_group() {
    local i
    as_root kill -TERM -- "-$1" 2>/dev/null || return 0
    for ((i = 0; i < 30; i++)); do
        as_root kill -0 -- "-$1" 2>/dev/null || break
        sleep 0.1
    done
    as_root kill -KILL -- "-$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    while as_root kill -0 -- "-$1" 2>/dev/null; do sleep 0.05; done
}

# Ends what `start` began, the servers of $RUN, and removes their data. The data is thrown away,
# so that no server needs to end in good order.
stop() {
    local job file data inside pid
    trap '' INT TERM HUP # a second Ctrl-C would leave servers behind
    for job in "${JOBS[@]}"; do end_group "$job"; done
    for file in "$RUN"/*.dir; do
        [ -e "$file" ] || continue
        { read -r data && read -r inside; } <"$file"
        pid=$(as_root cat "$data/pid" 2>/dev/null || true)
        # Only a process that was started with this very data directory.
        if [ -n "$pid" ] && grep -qsF -- "--datadir=$inside/data" "/proc/$pid/cmdline"; then
            as_root kill -KILL "$pid" 2>/dev/null || true
            while as_root kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
        fi
        if mountpoint -q "$data"; then as_root umount "$data"; fi
        as_root rm -rf --one-file-system "$data"
    done
    rm -rf --one-file-system "$RUN"
}

# Lets a signal end this script through its EXIT trap.
end_on_signals() {
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# `scripts/test` sources this file for its functions.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    case ${1:-} in
    start)
        RUN=${TMPDIR:-/tmp}/driftline-servers.$(id -u)
        [ ! -d "$RUN" ] || fail "$RUN is there: servers were started before; \`$0 stop\` ends them"
        trap stop EXIT
        end_on_signals
        start
        finish_start
        trap - EXIT
        echo "export DRIFTLINE_TEST_SERVERS=$(urls)"
        ;;
    stop)
        RUN=${TMPDIR:-/tmp}/driftline-servers.$(id -u)
        become_root
        stop
        ;;
    run)
        shift
        [ -z "${DRIFTLINE_TEST_SERVERS:-}" ] || exec "$@"
        RUN=$(mktemp -d "${TMPDIR:-/tmp}/driftline-servers.XXXXXX")
        trap stop EXIT
        end_on_signals
        start
        finish_start
        DRIFTLINE_TEST_SERVERS=$(urls) "$@"
        ;;
    own)
        RUN=$(mktemp -d "${TMPDIR:-/tmp}/driftline-servers.XXXXXX")
        trap stop EXIT
        end_on_signals
        become_root
        own "$2"
        ;;
    *)
        sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
        exit 2
        ;;
    esac
fi
