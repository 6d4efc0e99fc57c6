#!/usr/bin/env bash
# link.sh PROFILES PROFILE: makes this checkout the plugin `cutout` of a QGIS profile, of QGIS 3 and, where there is
# one, of QGIS 4.
set -euo pipefail
checkout="$(cd "$(dirname "$0")/.." && pwd)"

for series in QGIS3 QGIS4; do
    [ "$series" = QGIS3 ] || [ -d "$1/$series" ] || continue
    plugins="$1/$series/profiles/$2/python/plugins"
    if [ -e "$plugins/cutout" ] && [ ! -L "$plugins/cutout" ]; then
        echo "$plugins/cutout is an installed plugin: uninstall it in QGIS first." >&2
        exit 1
    fi
    mkdir -p "$plugins"
    ln -sfn "$checkout" "$plugins/cutout"
    echo "$plugins/cutout -> $checkout. Start QGIS and tick Cutout under Plugins."
done
