#!/usr/bin/env bash
# Installs the real mail programs that the tests talk to (Debian or Ubuntu, as root). Nothing is started or configured:
# every test starts its peer itself, with a configuration of its own in a folder of its own.
# Without them the tests that need them are skipped by name; with POSTERN_REQUIRE_PEERS=1 they fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=eng/prerequisites.sh
. eng/prerequisites.sh

[ "$(id -u)" = 0 ] || { say "eng/peers.sh installs packages: run it as root."; exit 77; }
command -v apt-get >/dev/null || { say "eng/peers.sh knows Debian and Ubuntu only."; exit 69; }

installed=(gcc libc6-dev zlib1g-dev openssl strace perl-base mount e2fsprogs iproute2 python3 swaks msmtp testssl.sh sslscan postfix dovecot-core dovecot-lmtpd nsd unbound ldnsutils pebble)

# A package's own start-up would bind port 25: while we install, the answer to "may I start?" is no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi

quiet_apt update
missing=()
for package in "${installed[@]}"; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    say "Installing ${missing[*]}."
    if command -v debconf-set-selections >/dev/null; then
        echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    fi
    quiet_apt install --no-install-recommends "${missing[@]}"
fi

# Debian lets one mail server own /usr/sbin/sendmail, so a second one is unpacked, not installed: its packages and the
# libraries it lacks go into a folder of ours, and a wrapper runs it from there.
unpack() {
    local package=$1 program=$2 user=$3 root=$PWD/out/peers/$1
    if [ ! -x "$root/$program" ]; then
        rm -rf "$root"
        mkdir -p "$root/.archives/partial" out/peers/bin
        quiet_apt install --no-install-recommends --download-only -o Dir::Cache::archives="$root/.archives" "$package"
        local archive
        for archive in "$root"/.archives/*.deb; do dpkg -x "$archive" "$root"; done
        rm -rf "$root/.archives"
    fi
    getent passwd "$user" >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin --user-group "$user"
    {
        echo '#!/bin/sh'
        echo "LD_LIBRARY_PATH=$root/usr/lib/$(uname -m)-linux-gnu exec $root/$program \"\$@\""
    } >"out/peers/bin/$(basename "$program")"
    chmod 755 "out/peers/bin/$(basename "$program")"
}

unpack exim4-daemon-light usr/sbin/exim4 Debian-exim
out/peers/bin/exim4 -C /dev/null -bV >/dev/null || { say "exim4 was unpacked and does not run."; exit 1; }
say "Peers: postfix, dovecot, nsd, unbound, pebble, swaks, testssl, sslscan and strace installed; exim4 in out/peers/bin."
