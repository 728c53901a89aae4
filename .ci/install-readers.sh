#!/usr/bin/env bash
# Python readers of the export formats, and ONNX Runtime for model files, into a virtual environment (the first argument), for the tests that read
# every format back with its own reader. Without PyTorch, which would bring gigabytes: torchvision's rules are in test/integration/export/readers.py,
# and of ultralytics only the function that reads labels is run.
set -euo pipefail
venv=$1
if [ -e "$venv/complete-4" ]; then exit 0; fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  pycocotools datasets webdataset pillow mlcroissant opencv-python-headless pyyaml markdown-it-py html5lib pandas onnxruntime
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ultralytics
touch "$venv/complete-4"
