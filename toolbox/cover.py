"""cutout:cover: polygons that cover the given ones with fewer vertices, as services with a limit want them."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QVariant

from ..core.errors import AreaError
from .algorithm import CutoutAlgorithm
from .options import told

translate = QCoreApplication.translate


class Cover(CutoutAlgorithm):
    INPUT, MAX_VERTICES, OUTPUT = "INPUT", "MAX_VERTICES", "OUTPUT"

    def name(self) -> str:
        return "cover"

    def displayName(self) -> str:
        return translate("Cover", "Cover polygons with fewer vertices")

    def group(self) -> str:
        return translate("Cover", "Areas")

    def groupId(self) -> str:
        return "areas"

    def tags(self) -> list[str]:
        return translate("Cover", "simplify,generalize,cover,vertices,area of interest").split(",")

    def shortHelpString(self) -> str:
        return translate(
            "Cover",
            "Replaces each polygon by one that covers it and has no more than the given number of vertices, "
            "so that a service with a limit takes it and nothing of the area is lost. "
            "The attribute extra_pct says by how many percent the area grows. The result is in EPSG:4326."
        )  # fmt: skip

    def createInstance(self) -> Cover:
        return Cover()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        source = QgsProcessingParameterFeatureSource(self.INPUT, translate("Cover", "Polygons"), polygons)
        self.addParameter(told(source, translate("Cover", "In any CRS. Each is covered by itself.")))
        label, whole = (
            translate("Cover", "Most vertices, closing ones included"),
            QgsProcessingParameterNumber.Type.Integer,
        )
        most = QgsProcessingParameterNumber(self.MAX_VERTICES, label, whole, 1000, minValue=5)
        self.addParameter(told(most, translate("Cover", "1,000 is what Koordinates takes.")))
        sink = QgsProcessingParameterFeatureSink(self.OUTPUT, translate("Cover", "Cover"))
        self.addParameter(
            told(sink, translate("Cover", "With the attributes of the polygons, vertices and extra_pct."))
        )

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        source = self.parameterAsSource(parameters, self.INPUT, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.INPUT))
        most = self.parameterAsInt(parameters, self.MAX_VERTICES, context)
        fields = QgsFields(source.fields())
        for name, kind in (("vertices", QVariant.Int), ("extra_pct", QVariant.Double)):
            fields.append(QgsField(name, kind))
        wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
        sink, target = self.parameterAsSink(
            parameters, self.OUTPUT, context, fields, QgsWkbTypes.Type.MultiPolygon, wgs84
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.OUTPUT))
        count = source.featureCount() or 1
        for number, feature in enumerate(source.getFeatures()):
            if feedback.isCanceled():
                raise QgsProcessingException(translate("Cover", "Stopped."))
            sink.addFeature(self._covered(feature, source, fields, most), QgsFeatureSink.Flag.FastInsert)
            feedback.setProgress(100 * (number + 1) / count)
        return {self.OUTPUT: target}

    def _covered(self, feature: QgsFeature, source: Any, fields: QgsFields, most: int) -> QgsFeature:
        from ..bridge.areas import from_features, resolve, to_qgis
        from ..bridge.threads import aside
        from ..core.aoi import covered

        try:
            shape = from_features([feature], source.sourceCrs(), source.sourceName())
            cover = aside(lambda: covered(resolve(shape), most))
        except AreaError as error:
            raise QgsProcessingException(f"INPUT, feature {feature.id()}: {error}") from error
        result = QgsFeature(fields)
        geometry = to_qgis(cover.area)
        geometry.convertToMultiType()
        result.setGeometry(geometry)
        result.setAttributes([*feature.attributes(), cover.vertices_after, 100 * cover.extra])
        return result
