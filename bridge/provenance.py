"""Where a layer comes from, as QGIS keeps it with the layer and shows it under Properties > Metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from urllib.parse import urlsplit, urlunsplit

from qgis.core import QgsBox3d, QgsLayerMetadata, QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication

from ..core.model import Job, Json
from ..core.words import redacted


def provenance(job: Job, attribution: str = "") -> QgsLayerMetadata:
    """Service, order, times, terms and links of a job. No secret and no signed link. attribution: whom to name."""
    metadata = QgsLayerMetadata()
    metadata.setType("dataset")
    metadata.setIdentifier(job.key)
    metadata.setTitle(job.title)
    metadata.setAbstract(redacted("\n".join(_abstract(job))))
    metadata.setHistory(list(_history(job)))
    metadata.setRights([attribution] if attribution else [])
    terms = (job.license.title, f"({_bare(job.license.url)})" if job.license.title else _bare(job.license.url))
    metadata.setLicenses([" ".join(terms).replace("()", "").strip()] if any(terms) else [])
    if job.quote is not None and job.quote.price is not None:
        metadata.setFees(f"{job.quote.price} {job.quote.currency}".strip())
    for name, url in _links(job):
        metadata.addLink(QgsLayerMetadata.Link(name, "WWW:LINK", url))
    return metadata


def describe(layer: QgsMapLayer, origin: QgsLayerMetadata, remark: str = "") -> None:
    """Gives the layer its provenance, with its own name, CRS and extent. remark: what to know of its place."""
    metadata = origin.clone()
    if remark:
        metadata.setAbstract(f"This layer is {remark}.\n{metadata.abstract()}")
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
        if url.startswith(("https://", "http://")) and url == redacted(url) and url not in seen:
            seen.add(url)
            yield name, url


def _addresses(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for entry in value if isinstance(value, (list, tuple)) else str(value).split(","):
            if isinstance(entry, str) and "://" in entry:
                yield name, entry.strip()


def _bare(url: str) -> str:
    """The address without user, query and fragment: that is where keys and signatures stand."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _is_id(value: Json) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and "://" not in str(value)


def _listed(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
