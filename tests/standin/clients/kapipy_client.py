"""The package `kapipy`, which speaks v1.x and plain http: kapipy_client.py URL KEY LAYER_ID TABLE_ID AREA FOLDER."""

from __future__ import annotations

import json
import sys

from kapipy.gis import GISK


def main(url: str, key: str, layer_id: str, table_id: str, area: str, folder: str) -> None:
    content = GISK(url=url, api_key=key).content
    layer, table = content.get(layer_id), content.get(table_id)
    # Without geopandas kapipy drops its filter_geometry; what else is named goes into the request as it is.
    job = layer.export("geopackage", out_sr=26913, poll_interval=0.05, extent=json.loads(area))
    downloaded = job.download(folder)
    sheet = table.export("csv", poll_interval=0.05).download(folder, "table")
    print(
        json.dumps(
            {
                "title": layer.title,
                "srid": layer.data.crs.srid,
                "state": job.state,
                "name": job.name,
                "file": downloaded.file_path,
                "final_url": downloaded.final_url,
                "table_file": sheet.file_path,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
