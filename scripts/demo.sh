#!/usr/bin/env bash
# Order from a stand-in through the dock of a real QGIS, and show what arrives.
set -euo pipefail
cd "$(dirname "$0")/.."
exec build/venv/bin/python -m tests.desktop.demo
