#!/usr/bin/env bash
# mypy over the plugin under its real name, whatever the checkout is called: a folder `cutout` of links to what ships.
set -euo pipefail
cd "$(dirname "$0")/.."
view=build/types/cutout
rm -rf "$view"
mkdir -p "$view"
for part in __init__.py plugin.py core providers bridge toolbox ui; do
    [ ! -e "$part" ] || ln -s "$PWD/$part" "$view/$part"
done
MYPYPATH=build/types build/check-venv/bin/mypy --cache-dir build/mypy_cache "$@"
