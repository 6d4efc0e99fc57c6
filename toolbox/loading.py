"""What a run brought, for Processing to load: named, styled and grouped as from the dock.

Processing is told of an empty stand-in for each job. When it adds that to the project, the job's layers take its place.
Layers that Processing adds itself may be mistaken for others of the same file, get the person's style for results, and
have to be moved to the job's group, which took 20 to 50 s for the 1000 layers of 200 jobs.
"""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)

from ..bridge.groups import place
from ..bridge.source import Arrival, Source
from ..core.model import Job

_OF_A_STEP = "algorithm_inputs"  # the scope that a model gives each of its steps
_KEPT = "cutout/placing"


def offer(job: Job, arrival: Arrival, context: QgsProcessingContext) -> None:
    """Gives Processing the layers of a job to load when the run is over. For the thread that runs the algorithm.

    Of several jobs the one that is offered last comes to lie on top, as it does where they arrive one by one. Nothing
    is offered by a step of a model, or without a project. What can't be opened is told as a warning.
    """
    project = context.project()
    if project is None or context.expressionContext().indexOfScope(_OF_A_STEP) >= 0:
        return
    layers = _opened(arrival, context)
    if not layers:
        return
    placing = _Placing(job, arrival, {source: layer.id() for source, layer in layers.items()})
    number = len(context.layersToLoadOnCompletion())
    standin = QgsVectorLayer("None", f"{number:06}", "memory")  # its id begins so, and the ids are sorted
    standin.setProperty(_KEPT, placing)  # Python would collect it, and Processing call what is gone
    details = QgsProcessingContext.LayerDetails(job.title, project)
    details.setPostProcessor(placing)  # of these details alone: the context deletes it
    for layer in (standin, *layers.values()):
        context.temporaryLayerStore().addMapLayer(layer)
    context.addLayerToLoadOnCompletion(standin.id(), details)


def _opened(arrival: Arrival, context: QgsProcessingContext) -> dict[Source, QgsMapLayer]:
    """Here and not when they are placed, since a large file takes seconds; its extent too."""
    from ..bridge.layers import open_layer, reason, unopened  # brings GDAL, which the start of QGIS does without

    layers = {}
    for source in arrival.sources:
        layer = open_layer(source)
        if layer.isValid():
            layer.extent()
            layers[source] = layer
        elif context.feedback() is not None:
            context.feedback().pushWarning(unopened(source, reason(layer)))
    return layers


class _Placing(QgsProcessingLayerPostProcessorInterface):
    """Puts the layers of a job where they belong, in the main thread, once Processing has added their stand-in."""

    def __init__(self, job: Job, arrival: Arrival, ids: Mapping[Source, str]) -> None:
        super().__init__()
        self._job, self._arrival, self._ids = job, arrival, ids

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        project, store = context.project(), context.temporaryLayerStore()
        layers = {source: store.takeMapLayer(store.mapLayer(key)) for source, key in self._ids.items()}
        place(project, self._job, self._arrival, layers)
        project.removeMapLayer(layer.id())
        _remove_results_group(project)


def _remove_results_group(project: QgsProject) -> None:
    """The group in which Processing puts all results, if the person has named one and nothing else is in it."""
    name = QgsSettings().value("Processing/Configuration/RESULTS_GROUP_NAME")
    group = project.layerTreeRoot().findGroup(name) if name else None
    if group is not None and not group.children():
        group.parent().removeChildNode(group)
