"""The services, one file each. A file here with a subclass of Provider is its own registration."""

from __future__ import annotations

import pkgutil
from functools import lru_cache

from ..core.provider import Provider


@lru_cache(maxsize=1)
def services() -> dict[str, type[Provider]]:
    """Every service by its id, in the order of their titles."""
    found = {}
    for entry in pkgutil.iter_modules(__path__):
        # QGIS sees this import, unlike importlib's, so that the module goes when the plugin is unloaded or updated.
        module = __import__(f"{__name__}.{entry.name}", fromlist=["Provider"])
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Provider) and thing.__module__ == module.__name__:
                found[thing.id] = thing
    return dict(sorted(found.items(), key=lambda pair: pair[1].title.lower()))
