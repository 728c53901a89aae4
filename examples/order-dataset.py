"""Order a dataset by REST, wait for it, and unpack its files. Python 3.10 or newer, nothing else.

    python3 examples/order-dataset.py PROJECT COUNT FOLDER

PROJECT is the number of the Label Studio project. DATASETGAN_URL is the server (http://127.0.0.1:9090), API_TOKEN its token, if it has one.
"""

import hashlib
import json
import os
import sys
import tarfile
import time
import urllib.error
import urllib.request
from pathlib import Path

SERVER = os.environ.get("DATASETGAN_URL", "http://127.0.0.1:9090")
TOKEN = os.environ.get("API_TOKEN")


def request(method, path, body=None):
    """The open answer. Ends the program with the server's message and fix where it refuses."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {TOKEN}"} if TOKEN else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        return urllib.request.urlopen(urllib.request.Request(SERVER + path, data, headers, method=method))
    except urllib.error.HTTPError as refused:
        error = json.load(refused)["error"]
        sys.exit(f"{error['code']}: {error['message']} {error.get('fix', '')}")


def wait(job):
    while job["state"] in ("queued", "running"):
        print(f"{job['state']}: {job['done']} of {job['total']}", flush=True)
        time.sleep(1)
        job = json.load(request("GET", f"/api/jobs/{job['id']}"))
    if job["state"] != "completed":
        sys.exit(f"The job is {job['state']}: {job.get('error', {}).get('message', '')}")


def main(project, count, folder):
    # For files alone: no new project in Label Studio, and no files on the server's disk beside those downloaded here.
    order = {"count": int(count), "destination": "files", "formats": []}
    job = json.load(request("POST", f"/api/projects/{project}/datasets", order))
    wait(job)
    with request("GET", f"/api/datasets/{job['dataset']}/export?format=index-png") as answer:
        with tarfile.open(fileobj=answer, mode="r|") as archive:
            archive.extractall(folder, filter="data")
    # The last file of the archive: without it, the download broke off.
    for line in (Path(folder) / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        if hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is damaged.")
    print(f"dataset {job['dataset']} is in {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
