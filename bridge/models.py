"""3D models (STL, OBJ, DXF) as layers: a mesh, the buildings and the ground, placed by the area that was ordered.

The files that QGIS opens are written beside the model. A model that can't be placed keeps its own coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

from ..core import manifest
from ..core.buildings import buildings
from ..core.city import City, city
from ..core.errors import ExportError
from ..core.mesh import Mesh
from ..core.mesh_files import read_mesh
from ..core.placing import Extent, Ground, Placement, fits, ground, placement
from ..core.terrain import elevations
from . import references, untrusted
from .derived import Derived
from .drawings import read_drawing, write_placed
from .model_files import write_buildings, write_mesh, write_terrain
from .probe import read
from .reasons import is_full, reason
from .source import Kind, Source

_LONG = 50_000  # triangles that take QGIS a while


@dataclass
class Loaded:
    """refused: which models can't be read, and why. notes: what to tell of the others.

    is_final: it would be the same the next time.
    """

    sources: list[Source] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    notes: list[tuple[Path, str]] = field(default_factory=list)
    is_final: bool = True


@dataclass(frozen=True)
class _Model:
    """A model that could be read. city: None for a plan. extent: of its ground if there is any, else of all of it."""

    path: Path
    extent: Extent
    city: City | None = None

    @property
    def has_terrain(self) -> bool:
        return self.city is not None and bool(self.city.terrain.any())


def load(paths: Sequence[Path], folder: Path) -> Loaded:
    """The layers of the models of a job. Errors: OSError when nothing can be written."""
    area = _ordered(folder)
    derived = Derived(folder, paths, area)
    known = derived.result()
    if known is not None:
        return Loaded(*known)
    loaded = Loaded()
    found = []
    for path in paths:
        with _refusing(path, folder, loaded):
            found.append(_read(path, folder))
    for model, placed in _together(found, ground(area) if area else None):
        with _refusing(model.path, folder, loaded):
            remark = _remark(area, placed)
            loaded.sources.extend(_sources(model, placed, remark, derived, loaded))
            if placed is None:
                loaded.notes.append((model.path, remark))
    if loaded.is_final:
        derived.close(loaded.sources, loaded.refused, loaded.notes)
    return loaded


@contextmanager
def _refusing(path: Path, folder: Path, loaded: Loaded) -> Iterator[None]:
    """What goes wrong with one model is told, and the others go on."""
    try:
        yield
    except (ExportError, OSError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
        loaded.refused.append((path, reason(error, folder)))
        loaded.is_final = isinstance(error, ExportError) and not is_full(error, folder) and loaded.is_final


def _ordered(folder: Path) -> Mapping[str, Any] | None:
    """The area as the service got it, from cutout.json; None where that does not say it."""
    try:
        document = manifest.read(folder)
    except ExportError:
        return None
    request = document.get("request")
    sent = request.get("sent") if isinstance(request, dict) else None
    area = sent or document.get("area")
    return area if isinstance(area, dict) else None


def _read(path: Path, folder: Path) -> _Model:
    if not references.is_inside(path, folder):
        raise ExportError(QCoreApplication.translate("Models", "it is a link that leads out of the job's folder"))
    untrusted.check_name(path, folder)
    surface: Mesh | None
    if path.suffix.casefold() == ".dxf":
        drawing = read_drawing(path)
        if drawing.surface is None:
            return _Model(path, drawing.extent)
        surface = drawing.surface
    else:
        surface = read_mesh(path)
    parts = city(surface)
    base = parts.surface.of(parts.terrain) if parts.terrain.any() else parts.surface
    return _Model(path, base.extent, parts)


def _together(models: Sequence[_Model], place: Ground | None) -> list[tuple[_Model, Placement | None]]:
    """Each model with its place. Files of one order have one origin, which is told best by the one with the ground."""
    placed: list[tuple[_Model, Placement | None]] = []
    shared: Placement | None = None
    for model in sorted(models, key=lambda model: not model.has_terrain):
        found = None
        if place is not None:
            if shared is not None and fits(place, shared.extent(model.extent)):
                found = shared
            else:
                found = placement(place, model.extent, model.has_terrain)
            if model.has_terrain and shared is None:
                shared = found
        placed.append((model, found))
    return placed


def _sources(model: _Model, placed: Placement | None, remark: str, derived: Derived, loaded: Loaded) -> list[Source]:
    crs = placed.crs if placed else ""
    label = QCoreApplication.translate("Models", "not placed") if placed is None else remark
    if model.city is None:
        return _plan(model, placed, label, remark, derived, loaded)
    parts = model.city
    if placed is not None:
        surface = replace(parts.surface, vertices=placed.placed(parts.surface.vertices))
        parts = replace(parts, surface=surface)
    path, found = model.path, []
    with derived.file(path.with_suffix(".2dm")) as (written, target):
        write_mesh(written, parts.surface)
    slow = len(parts.surface.triangles) > _LONG
    title = QCoreApplication.translate("Models", "Model {name}").format(name=path.stem)
    found.append(_source(title, target, "mdal", Kind.MESH, label, crs, remark, slow=slow))
    if (parts.buildings >= 0).any():
        title = QCoreApplication.translate("Models", "Buildings {name}").format(name=path.stem)
        with derived.file(path.with_name(f"{path.stem}-buildings.gpkg")) as (written, target):
            count = write_buildings(written, buildings(parts), crs)
        found.append(_source(title, target, "ogr", Kind.POLYGON, label, crs, remark, count=count, solid=True))
    if parts.terrain.any():
        title = QCoreApplication.translate("Models", "Terrain {name}").format(name=path.stem)
        with derived.file(path.with_name(f"{path.stem}-terrain.tif")) as (written, target):
            write_terrain(written, elevations(parts.surface.of(parts.terrain)), crs)
        found.append(_source(title, target, "gdal", Kind.RASTER, label, crs, remark))
    if path.suffix.casefold() == ".dxf":
        found.extend(_plan(model, placed, label, remark, derived, loaded))
    return found


def _plan(
    model: _Model, placed: Placement | None, label: str, remark: str, derived: Derived, loaded: Loaded
) -> list[Source]:
    """A drawing as it is drawn."""
    path = model.path
    if placed is None:
        sources, _, notes = read(path, path.parent)
        loaded.notes.extend((path, note) for note in notes)
        return [replace(one, name=f"{one.name} ({label})", crs="", remark=remark) for one in sources]
    with derived.file(path.with_name(f"{path.stem}-drawing.gpkg")) as (written, target):
        counts, undrawn = write_placed(written, path, placed)
    if undrawn:
        note = QCoreApplication.translate("Models", "{count} things in it are no points, lines or polygons")
        loaded.notes.append((path, note.format(count=undrawn)))
    kinds = {"points": Kind.POINT, "lines": Kind.LINE, "polygons": Kind.POLYGON}
    found = []
    for layer, count in counts.items():
        title = QCoreApplication.translate("Models", "Drawing {name}").format(name=path.stem)
        one = _source(f"{title}, {layer}", target, "ogr", kinds[layer], label, placed.crs, remark, count=count)
        found.append(replace(one, uri=f"{target}|layername={layer}"))
    return found


def _source(name: str, path: Path, provider: str, kind: Kind, label: str, crs: str, remark: str, **more: Any) -> Source:
    return Source(f"{name} ({label})", str(path), str(path), provider, kind, crs=crs, remark=remark, **more)


def _remark(area: Mapping[str, Any] | None, placed: Placement | None) -> str:
    if placed is not None:
        return QCoreApplication.translate("Models", "placed by the ordered area, not georeferenced by the service")
    if area is None:
        return QCoreApplication.translate(
            "Models", "not placed: the service does not georeference it, and the ordered area is not known"
        )
    return QCoreApplication.translate(
        "Models", "not placed: the service does not georeference it, and it does not have the size of the ordered area"
    )
