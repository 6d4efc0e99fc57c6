"""A job's layers in the layer tree: one group for each job, at the top, known by the job's key and not by its name."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsCoordinateReferenceSystem, QgsLayerTree, QgsLayerTreeGroup, QgsMapLayer, QgsProject

from ..core.model import Job
from ..core.words import plain
from .provenance import describe, provenance
from .source import Arrival, Kind, Source

JOB = "cutout/job"  # custom property of groups and layers: the job's key
SOURCE = "cutout/source"  # of layers: what they show
_LONG_LEGENDS = (Kind.RASTER, Kind.MESH)


def job_layers(project: QgsProject, job: Job) -> dict[str, str]:
    """The job's layers in the project, wherever the person has moved them: what each shows, and its id."""
    layers = [layer for layer in project.mapLayers().values() if layer.customProperty(JOB) == job.key]
    return {str(layer.customProperty(SOURCE)): layer.id() for layer in layers}


def place(project: QgsProject, job: Job, arrival: Arrival, layers: Mapping[Source, QgsMapLayer]) -> None:
    """Adds what the project lacks of the job, and shows it."""
    new = {source: layer for source, layer in layers.items() if add(project, job, arrival, source, layer)}
    show(project, job, arrival, new)


def add(project: QgsProject, job: Job, arrival: Arrival, source: Source, layer: QgsMapLayer) -> bool:
    """Adds a layer of the job to the project, which does not show it before `show`. False where it is there already, as
    from a run of Processing."""
    if source.shown in job_layers(project, job):
        return False
    _dress(job, arrival, source, layer)
    project.addMapLayer(layer, False)
    return True


def show(project: QgsProject, job: Job, arrival: Arrival, layers: Mapping[Source, QgsMapLayer]) -> None:
    """Puts layers that were added into the job's group, in the order of the arrival. There is a new group at the top if
    there is none yet; it joins the tree with all its layers, which takes the window up to 50 ms, and not 80."""
    if not layers:
        return
    known = _group(project, job)
    group = QgsLayerTreeGroup(plain(job.title)) if known is None else known
    group.setCustomProperty(JOB, job.key)
    order = {source.shown: rank for rank, source in enumerate(arrival.sources)}
    for source, layer in layers.items():
        node = group.insertLayer(_position(group, order, order[source.shown]), layer)
        node.setExpanded(source.kind not in _LONG_LEGENDS)
    if known is None:
        project.layerTreeRoot().insertChildNode(0, group)
    group.setExpanded(False)  # the layer panel follows a change only
    group.setExpanded(True)


def _dress(job: Job, arrival: Arrival, source: Source, layer: QgsMapLayer) -> None:
    """Whose it is and where it comes from, and the CRS that was ordered if it doesn't say one."""
    layer.setCustomProperty(JOB, job.key)
    layer.setCustomProperty(SOURCE, source.shown)
    if source.crs is None and layer.isSpatial() and not layer.crs().isValid():
        layer.setCrs(_ordered_crs(job))
    describe(layer, provenance(job, arrival.attribution), source.remark)


def _group(project: QgsProject, job: Job) -> QgsLayerTreeGroup | None:
    """The job's group. One of the same name may belong to another job."""
    groups = project.layerTreeRoot().findGroups(True)
    return next((group for group in groups if group.customProperty(JOB) == job.key), None)


def _position(group: QgsLayerTreeGroup, order: Mapping[str, int], rank: int) -> int:
    """Before the first layer that comes after it."""
    nodes = group.children()
    for position, node in enumerate(nodes):
        layer = node.layer() if QgsLayerTree.isLayer(node) else None
        if layer is not None and order.get(layer.customProperty(SOURCE), -1) > rank:
            return position
    return len(nodes)


def _ordered_crs(job: Job) -> QgsCoordinateReferenceSystem:
    """A CSV can't say in which CRS it is: it is the one that was ordered."""
    return QgsCoordinateReferenceSystem(str(job.request.options.get("crs") or ""))
