#!/bin/bash
# uv.sh LINK: make LINK point to uv: the one on the PATH, or one installed with pip into an environment of its own.
set -euo pipefail
link=$1
mkdir -p "$(dirname "$link")"
if uv=$(command -v uv) && "$uv" --version >/dev/null 2>&1; then
  ln -sf "$uv" "$link"
  exit 0
fi
"$PYTHON" -c 'import ensurepip' 2>/dev/null || "$(dirname "$0")/system-packages.sh" python3-venv
home="$(dirname "$link")/uv-home"
"$PYTHON" -m venv "$home"
"$home/bin/pip" install --quiet --disable-pip-version-check uv
ln -sf "$(cd "$home/bin" && pwd)/uv" "$link"
