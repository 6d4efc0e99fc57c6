"""The package `koop`, which checks every field of v1.x: koop_client.py HOST KEY LAYER_ID, files in KOOPCACHE_DIR.

It speaks https only and asks for EPSG:2193, always.
"""

from __future__ import annotations

import json
import sys

from koop import get_layer_from_id


def main(host: str, key: str, layer_id: str) -> None:
    print(json.dumps({"file": str(get_layer_from_id(int(layer_id), key, host))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
