"""Files as services deliver them, made with GDAL from the real data of the stand-ins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from osgeo import gdal, ogr, osr

from tests import ROOT

DATA = ROOT / "tests" / "standin" / "data"
DEM = DATA / "rmnp-dem.tif"  # 152 x 187 cells
PHOTO = DATA / "rmnp-rgb.tif"
COUNTIES = DATA / "colorado-counties.geojson"  # 64 polygons
GLACIERS = DATA / "colorado-glaciers.geojson"  # 134 points
COUNTRIES = DATA / "naturalearth_lowres.shp"  # 177 polygons, names in ISO-8859-1


def sheets(folder: Path, prefix: str = "sheet_", columns: int = 2, rows: int = 2, origin: Path = DEM) -> list[Path]:
    """The raster cut into sheets that lie side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    raster = gdal.OpenEx(str(origin))
    width, height = raster.RasterXSize // columns, raster.RasterYSize // rows
    paths = []
    for number in range(columns * rows):
        window = [number % columns * width, number // columns * height, width, height]
        paths.append(folder / f"{prefix}{number + 1:02}.tif")
        gdal.Translate(str(paths[-1]), raster, srcWin=window)
    return paths


def raster(path: Path, form: str = "GTiff", origin: Path = DEM) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    gdal.Translate(str(path), str(origin), format=form)
    return path


def vector(path: Path, form: str, origin: Path = COUNTIES, layer: str = "", add: bool = False, where: str = "") -> Path:
    """The features of the origin in another format; add: as one more layer of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    gdal.VectorTranslate(
        str(path),
        str(origin),
        format=form,
        layerName=layer or path.stem,
        accessMode="update" if add else None,
        where=where or None,
        selectFields=["name"] if origin != GLACIERS else None,
    )
    return path


def mixed(path: Path, form: str) -> Path:
    """A layer with three kinds of geometry: five points, three lines, two polygons of which one is a multipolygon."""
    path.parent.mkdir(parents=True, exist_ok=True)
    square = "((0 0,1 0,1 1,0 0))"
    shapes = ["POINT (1 2)"] * 5 + ["LINESTRING (0 0,1 1)"] * 3 + [f"POLYGON {square}", f"MULTIPOLYGON ({square})"]
    target = ogr.GetDriverByName(form).CreateDataSource(str(path))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    layer = target.CreateLayer("things", reference, ogr.wkbUnknown)
    for shape in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        layer.CreateFeature(feature)
    return path


def files(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def cut_off(path: Path, share: float = 0.5) -> Path:
    """The file as a broken download leaves it."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
