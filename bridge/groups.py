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


def place(
    project: QgsProject, job: Job, arrival: Arrival, layers: Mapping[Source, QgsMapLayer]
) -> dict[Source, QgsMapLayer]:
    """Adds what the project lacks of the job to the group, in the order of the arrival; which layers that is."""
    there = job_layers(project, job)
    new = {source: layer for source, layer in layers.items() if source.shown not in there}
    if new:
        _dress(job, arrival, new)
        project.addMapLayers(list(new.values()), False)
        _insert(_group(project, job), arrival, new)
    return new


def _dress(job: Job, arrival: Arrival, layers: Mapping[Source, QgsMapLayer]) -> None:
    """Whose they are and where they come from, and the CRS that was ordered for those that don't say one."""
    origin = provenance(job, arrival.attribution)
    for source, layer in layers.items():
        layer.setCustomProperty(JOB, job.key)
        layer.setCustomProperty(SOURCE, source.shown)
        if source.crs is None and layer.isSpatial() and not layer.crs().isValid():
            layer.setCrs(_ordered_crs(job))
        describe(layer, origin, source.remark)


def _insert(group: QgsLayerTreeGroup, arrival: Arrival, layers: Mapping[Source, QgsMapLayer]) -> None:
    order = {source.shown: rank for rank, source in enumerate(arrival.sources)}
    for source, layer in layers.items():
        node = group.insertLayer(_position(group, order, order[source.shown]), layer)
        node.setExpanded(source.kind not in _LONG_LEGENDS)
    group.setExpanded(False)  # the layer panel follows a change only, and did not see one while the group was empty
    group.setExpanded(True)


def _group(project: QgsProject, job: Job) -> QgsLayerTreeGroup:
    """The job's group, made at the top if there is none. One of the same name may belong to another job."""
    root = project.layerTreeRoot()
    for group in root.findGroups(True):
        if group.customProperty(JOB) == job.key:
            return group
    group = root.insertGroup(0, plain(job.title))
    group.setCustomProperty(JOB, job.key)
    return group


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
