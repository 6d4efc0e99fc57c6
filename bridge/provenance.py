"""Where a layer comes from, as QGIS keeps it with the layer and shows it under Properties > Metadata.

QGIS shows these texts as HTML, and makes links of what looks like an address. So there is no tag in any of them, and no
address but of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from urllib.parse import urlsplit, urlunsplit

from qgis.core import QgsBox3d, QgsLayerMetadata, QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication

from ..core.model import Job, Json, License
from ..core.words import inert, plain, redacted

WEB = ("https://", "http://")
LONGEST = 10_000  # characters of the abstract
_OTHER_LINK = re.compile(r"\b(?!https?://)([a-z][a-z0-9+.-]{0,20})://", re.IGNORECASE)


def provenance(job: Job, attribution: str = "") -> QgsLayerMetadata:
    """Service, order, times, terms and links of a job. No secret and no signed link. attribution: whom to name."""
    metadata = QgsLayerMetadata()
    metadata.setType("dataset")
    metadata.setIdentifier(job.key)
    metadata.setTitle(plain(job.title))
    metadata.setAbstract(_harmless(redacted("\n".join(_abstract(job))))[:LONGEST])
    metadata.setHistory(list(_history(job)))
    metadata.setRights([_harmless(plain(attribution))] if attribution else [])
    terms = _harmless(plain(_terms(job.license)))
    metadata.setLicenses([terms] if terms else [])
    if job.quote is not None and job.quote.price is not None:
        metadata.setFees(_harmless(plain(f"{job.quote.price} {job.quote.currency}")))
    for name, url in _links(job):
        metadata.addLink(QgsLayerMetadata.Link(plain(name), "WWW:LINK", url))
    return metadata


def describe(layer: QgsMapLayer, origin: QgsLayerMetadata, remark: str = "") -> None:
    """Gives the layer its provenance, with its own name, CRS and extent. remark: what to know of its place."""
    metadata = origin.clone()
    if remark:
        metadata.setAbstract(f"This layer is {_harmless(remark)}.\n{metadata.abstract()}")
    metadata.setTitle(layer.name())
    metadata.setCrs(layer.crs())
    extent = QgsLayerMetadata.Extent()
    if layer.isSpatial() and layer.crs().isValid():
        place = QgsLayerMetadata.SpatialExtent()
        place.extentCrs = layer.crs()
        place.bounds = QgsBox3d(layer.extent())
        extent.setSpatialExtents([place])
    metadata.setExtent(extent)
    layer.setMetadata(metadata)
    server = layer.serverProperties()
    kept_by = server if hasattr(server, "setAttribution") else layer  # where it was before QGIS 3.38
    kept_by.setAttribution("; ".join(metadata.rights()))


def _harmless(text: str) -> str:
    return _OTHER_LINK.sub(r"\1: //", inert(text))


def _terms(terms: License) -> str:
    """`CC BY 4.0 (https://...)`, or what there is of it."""
    url = _bare(terms.url)
    url = url if url.startswith(WEB) else ""
    return f"{terms.title} ({url})" if terms.title and url else terms.title or url


def _abstract(job: Job) -> Iterator[str]:
    request = job.request
    yield QCoreApplication.translate("Provenance", "Ordered from {service} at {server}.").format(
        service=request.service, server=_bare(request.server)
    )
    ids = [f"{name} {value}" for name, value in job.remote.items() if _is_id(value)]
    if ids:
        yield QCoreApplication.translate("Provenance", "Job there: {ids}").format(ids=", ".join(ids))
    ordered = [f"{name} {_listed(value)}" for name, value in request.options.items() if value not in (None, "", [], ())]
    if ordered:
        yield QCoreApplication.translate("Provenance", "Ordered: {options}").format(options="; ".join(ordered))
    yield from request.notes


def _history(job: Job) -> Iterator[str]:
    if job.created:
        yield QCoreApplication.translate("Provenance", "Ordered {time}").format(time=_utc(job.created))
    if job.finished:
        yield QCoreApplication.translate("Provenance", "Arrived {time}").format(time=_utc(job.finished))


def _links(job: Job) -> Iterator[tuple[str, str]]:
    """The service, the terms, and what the order and its answer point at."""
    named = [(job.request.service, job.request.server), (job.license.title or "license", job.license.url)]
    for values in (job.request.options, job.remote):
        named.extend(_addresses(values))
    seen = set()
    for name, address in named:
        url = _bare(address)
        if url.startswith(WEB) and url == redacted(url) == inert(url) and url not in seen:
            seen.add(url)
            yield name, url


def _addresses(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for entry in value if isinstance(value, (list, tuple)) else str(value).split(","):
            if isinstance(entry, str) and "://" in entry:
                yield name, entry.strip()


def _bare(url: str) -> str:
    """The address without user, query and fragment: that is where keys and signatures stand. Empty for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _is_id(value: Json) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and "://" not in str(value)


def _listed(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
