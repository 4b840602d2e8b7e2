#!/bin/bash
# lock.sh: resolve pyproject.toml into requirements/*.txt: versions and hashes for Python 3.11 to 3.13, no download hosts.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .make/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header pyproject.toml "$@"
}
compile --extra dev --output-file requirements/dev.txt
for extra in api worker; do compile --extra "$extra" --constraint requirements/dev.txt --output-file "requirements/$extra.txt"; done
