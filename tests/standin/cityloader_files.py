"""The files of a 3DCityLoader export: STL, OBJ and DXF, and the zip around them. Keys as in cityloader.py."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import numpy as np

from .cityloader_model import Body, Model
from .cityloader_orders import Order
from .cityloader_settings import Settings

FACET = "facet normal {:.6g} {:.6g} {:.6g}\n outer loop\n" + "  vertex {:.4f} {:.4f} {:.4f}\n" * 3
FACET += " endloop\nendfacet\n"
# A triangle is a face whose last two corners are one (DXF reference, 3DFACE).
FACE = "0\n3DFACE\n8\n{layer}\n" + "".join(
    f"1{corner}\n{{:.4f}}\n2{corner}\n{{:.4f}}\n3{corner}\n{{:.4f}}\n" for corner in range(4)
)


def pack(name: str, model: Model, order: Order, settings: Settings) -> bytes:
    """The zip: ``{name}.{format}`` at its root (DOC C1); with separate files one for each feature (GUESS: names)."""
    files = {f"{name}.{order.format}": model.bodies}
    if order.separate:
        files = {
            f"{name}_{theme}.{order.format}": tuple(body for body in model.bodies if body.theme == theme)
            for theme in order.include
        }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file, bodies in files.items():
            if bodies:
                archive.writestr(settings.zip_folder + file, _written(order.format, bodies, settings))
        for file, text in settings.extra_members.items():
            archive.writestr(file, text)
    return buffer.getvalue()


def _written(form: str, bodies: Sequence[Body], settings: Settings) -> bytes:
    if form == "obj":
        return obj(bodies, settings.obj_objects)
    if form == "dxf":
        return dxf(bodies)
    triangles = np.concatenate([body.triangles for body in bodies])
    return ascii_stl(triangles) if settings.stl == "ascii" else binary_stl(triangles, settings.stl == "solid")


def normals(triangles: np.ndarray) -> np.ndarray:
    """(n, 3) of length 1, to the side from which the corners turn to the left."""
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)


def binary_stl(triangles: np.ndarray, misleading: bool = False) -> bytes:
    """Single floats, as the format has them: absolute coordinates come out in steps of half a metre."""
    header = b"solid but binary" if misleading else b"3D city model"
    facets = np.zeros(len(triangles), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    facets["normal"], facets["corners"] = normals(triangles), triangles
    return header.ljust(80, b"\0") + len(triangles).to_bytes(4, "little") + facets.tobytes()


def ascii_stl(triangles: np.ndarray) -> bytes:
    rows = np.concatenate([normals(triangles), triangles.reshape(-1, 9)], axis=1).tolist()
    return ("solid model\n" + "".join(FACET.format(*row) for row in rows) + "endsolid model\n").encode()


def obj(bodies: Sequence[Body], objects: bool) -> bytes:
    """z up. Corners that several triangles of a body share are written once."""
    lines = ["# 3D city model"] if objects else ["# 3D city model", "o model"]
    written = 0
    for body in bodies:
        corners, used = np.unique(body.triangles.reshape(-1, 3).round(4), axis=0, return_inverse=True)
        lines += [f"o {body.name}"] if objects else []
        lines += ["v {:.4f} {:.4f} {:.4f}".format(*corner) for corner in corners.tolist()]
        lines += ["f {} {} {}".format(*face) for face in (used.reshape(-1, 3) + written + 1).tolist()]
        written += len(corners)
    return ("\n".join(lines) + "\n").encode()


def dxf(bodies: Sequence[Body]) -> bytes:
    """3DFACE entities of the release 12, on the layers TERRAIN and BUILDINGS."""
    parts = ["0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1009\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"]
    for body in bodies:
        rows = np.concatenate([body.triangles, body.triangles[:, 2:]], axis=1).reshape(-1, 12).tolist()
        parts += [FACE.format(*row, layer=body.theme.upper()) for row in rows]
    return ("".join(parts) + "0\nENDSEC\n0\nEOF\n").encode()
