#!/usr/bin/env bash
# A Chromium for the browser tests, by apt on Debian.
set -euo pipefail
for path in "${CHROMIUM_PATH:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$path" ] && [ -x "$path" ]; then exit 0; fi
done
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
