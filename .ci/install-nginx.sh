#!/usr/bin/env bash
# An nginx for the test behind a reverse proxy, by apt on Debian.
set -euo pipefail
if command -v nginx >/dev/null && command -v openssl >/dev/null; then exit 0; fi
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Only the program: no server on port 80.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get install -y -qq --no-install-recommends nginx-light openssl >/dev/null
