"""The Python packages that Cutout needs and a QGIS may lack: said in words before anything is started."""

from __future__ import annotations

from importlib.util import find_spec

from qgis.PyQt.QtCore import QCoreApplication

PACKAGES = ("shapely", "pyproj", "requests")


def missing() -> str:
    """A sentence that names what is missing and how to get it; empty when all is there."""
    names = [name for name in PACKAGES if find_spec(name) is None]
    if not names:
        return ""
    text = QCoreApplication.translate(
        "Needs",
        "Cutout needs the Python package {names}, which this QGIS does not have. On Debian and Ubuntu install "
        "python3-{first}; on Windows choose python3-{first} in the OSGeo4W setup; elsewhere run "
        "“python3 -m pip install {all}” with the Python of QGIS. Then start QGIS again."
    )  # fmt: skip
    return text.format(names=", ".join(names), first=names[0], all=" ".join(names))
