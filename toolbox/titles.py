"""NAME: the title of an order, in which expressions over its feature may stand."""

from __future__ import annotations

import re

from qgis.core import (
    QgsExpression,
    QgsExpressionContextScope,
    QgsFeature,
    QgsProcessingFeatureSource,
)
from qgis.PyQt.QtCore import QCoreApplication

from .given import Given, refusal

translate = QCoreApplication.translate
_EXPRESSION = re.compile(r"\[%(.*?)%\]", re.DOTALL)


class Titles:
    """The titles of a run."""

    def __init__(self, given: Given, source: QgsProcessingFeatureSource | None = None) -> None:
        self._text = given.algorithm.parameterAsString(given.parameters, "NAME", given.context)
        self._around = given.algorithm.createExpressionContext(given.parameters, given.context, source)
        self._around.appendScope(QgsExpressionContextScope())

    def title(self, feature: QgsFeature | None = None, number: int = 1) -> str:
        """In one line. feature: over which the expressions are; number: its place, @row_number in them.

        Errors: ExportError for an expression that can't be worked out, which QGIS would leave as it stands.
        """
        if feature is not None:
            self._around.setFeature(feature)
        self._around.lastScope().setVariable("row_number", number)
        for expression in _EXPRESSION.findall(self._text):
            self._try(expression)
        return " ".join(QgsExpression.replaceExpressionText(self._text, self._around).split())

    def _try(self, text: str) -> None:
        whole = f"[%{text}%]"
        if QgsExpression.replaceExpressionText(whole, self._around) != whole:
            return
        expression = QgsExpression(text)
        reason = expression.parserErrorString()
        if not reason:
            expression.evaluate(self._around)
            # QGIS has no words for a field that the feature doesn't have.
            reason = expression.evalErrorString() or translate("Toolbox", "there is no such field")
        said = translate("Toolbox", "“{expression}” can't be worked out: {reason}.")
        raise refusal("NAME", said.format(expression=text.strip(), reason=" ".join(reason.split()).rstrip(".")))
