#!/usr/bin/env bash
# Label Studio into a virtual environment (the first argument), by the same code that the demo uses. An environment that has its command is left alone.
set -euo pipefail
venv=$1
if [ -x "$venv/bin/label-studio" ]; then exit 0; fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
LABEL_STUDIO_VENV="$venv" node --input-type=module -e '
  import { installLabelStudio } from "./src/cli/label-studio/install-label-studio.ts";
  let last = "";
  const onProgress = (text) => { const stage = text.replace(/, \d+ s$/, ""); if (stage !== last) console.log(stage); last = stage; };
  try {
    await installLabelStudio(process.env.LABEL_STUDIO_VENV, { onProgress });
  } catch (error) {
    console.error(`${error.message}\n→ ${error.fix ?? ""}`);
    process.exit(1);
  }
'
