"""How GDAL is told to work otherwise than usual, for a while and in one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from osgeo import gdal


@contextmanager
def gdal_option(name: str, value: str) -> Iterator[None]:
    """A configuration option of GDAL, for this block and thread alone."""
    gdal.SetThreadLocalConfigOption(name, value)
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(name, None)
