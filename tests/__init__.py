"""The tests, and what they share. Importing this loads the repository root as the package `cutout`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "cutout"


def load_package() -> None:
    """Makes `import cutout` work from a checkout of any name; QGIS does it by the name of the plugin's folder."""
    spec = importlib.util.spec_from_file_location(PACKAGE, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{ROOT} is not the plugin's folder")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


if PACKAGE not in sys.modules:
    load_package()
