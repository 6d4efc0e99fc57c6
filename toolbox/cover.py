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
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QVariant

from ..bridge.areas import from_features, resolve, to_qgis
from ..bridge.needs import missing
from ..core.errors import AreaError

translate = QCoreApplication.translate


class Cover(QgsProcessingAlgorithm):
    INPUT, MAX_VERTICES, OUTPUT = "INPUT", "MAX_VERTICES", "OUTPUT"

    def name(self) -> str:
        return "cover"

    def displayName(self) -> str:
        return translate("Cover", "Cover polygons with fewer vertices")

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
        self.addParameter(QgsProcessingParameterFeatureSource(self.INPUT, translate("Cover", "Polygons"), polygons))
        self.addParameter(
            QgsProcessingParameterNumber(
                self.MAX_VERTICES,
                translate("Cover", "Most vertices, closing ones included"),
                QgsProcessingParameterNumber.Type.Integer,
                1000,
                minValue=5,
            )
        )
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, translate("Cover", "Cover")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if missing():
            raise QgsProcessingException(missing())
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
                break
            sink.addFeature(self._covered(feature, source, fields, most), QgsFeatureSink.Flag.FastInsert)
            feedback.setProgress(100 * (number + 1) / count)
        return {self.OUTPUT: target}

    def _covered(self, feature: QgsFeature, source: Any, fields: QgsFields, most: int) -> QgsFeature:
        from ..core.aoi import covered

        try:
            area = resolve(from_features([feature], source.sourceCrs(), source.sourceName()))
            cover = covered(area, most)
        except AreaError as error:
            raise QgsProcessingException(f"INPUT, feature {feature.id()}: {error}") from error
        result = QgsFeature(fields)
        geometry = to_qgis(cover.area)
        geometry.convertToMultiType()
        result.setGeometry(geometry)
        result.setAttributes([*feature.attributes(), cover.vertices_after, 100 * cover.extra])
        return result
