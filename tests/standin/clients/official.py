"""The vendor's own client, the package `koordinates`: official.py HOST KEY LAYER_ID AREA FOLDER, prints JSON.

It speaks https only, to HOST:PORT, and trusts what REQUESTS_CA_BUNDLE names.
"""

from __future__ import annotations

import json
import os
import sys
import time

import koordinates


def main(host: str, key: str, layer_id: str, area: str, folder: str) -> None:
    client = koordinates.Client(host, key)
    layer = client.layers.get(int(layer_id))

    def order(**extent: object) -> koordinates.Export:
        export = koordinates.Export(crs="EPSG:26913", name="From the vendor's client", **extent)
        export.set_formats(vector="application/x-ogc-gpkg")
        export.add_item(layer)
        return export

    far_away = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    refused = client.exports.validate(order(extent=far_away))
    try:
        client.exports.create(order(extent=far_away))
        create_error = None
    except koordinates.BadRequest as error:
        create_error = error.response.json()["items"][0]["invalid_reasons"]

    wanted = order(extent=json.loads(area))
    validation = client.exports.validate(wanted)
    export = client.exports.create(wanted)
    states = [export.state]
    for _ in range(50):
        export = client.exports.get(export.id)
        states.append(export.state)
        if export.state != "processing":
            break
        time.sleep(0.05)
    filename = export.download(folder)

    unwanted = client.exports.create(order())
    cancelled = client.exports.cancel(unwanted.id)
    try:
        client.exports.cancel(unwanted.id)
        cancel_error = None
    except koordinates.Conflict as error:
        cancel_error = error.response.json()
    crop_layer = client.exports.croplayers.get(2)
    print(
        json.dumps(
            {
                "layers": [item.title for item in client.layers.list()],
                "kind": layer.kind,
                "licence": layer.license.title,
                "formats": client.exports.get_formats(),
                "reasons": refused.get_reasons(),
                "create_error": create_error,
                "is_valid": validation.is_valid,
                "states": states,
                "file": os.path.join(folder, filename),
                "cancelled": cancelled.state,
                "cancel_error": cancel_error,
                "exports": [entry.name for entry in client.exports.list()],
                "crop_features": [feature.name for feature in crop_layer.list_features()],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
