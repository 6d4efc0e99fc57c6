"""The parameters and outputs of the algorithms, made from what a service declares.

QGIS 3.22 refuses several things that newer versions take, so all of this is what both take: a folder to write to is
optional (qgis_process wants one that isn't, even if it has a default), and the values of a list are static strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.access import variables
from ..bridge.account_settings import read_all
from ..bridge.folders import downloads
from .options import option_parameters, told

if TYPE_CHECKING:
    from ..core.provider import Provider

translate = QCoreApplication.translate


def order_parameters(service: type[Provider]) -> list[QgsProcessingParameterDefinition]:
    """Of the algorithm that orders from the service: the area, what is ordered, from where, and how it is to come."""
    return [
        *_area(service),
        *option_parameters(service),
        _server(service),
        _authcfg(service),
        _title(),
        *_delivery(),
        _downloads(),
    ]


def collect_parameters() -> list[QgsProcessingParameterDefinition]:
    """Of the algorithm that goes on with jobs."""
    jobs = told(
        QgsProcessingParameterString("JOB_ID", translate("Toolbox", "Jobs")),
        translate("Toolbox", "The JOB_ID of the order, or several, separated by commas."),
    )
    # The last False: or the dialog fills in a temporary folder.
    folder = QgsProcessingParameterFolderDestination("OUTPUT", translate("Toolbox", "Folder"), None, True, False)
    where = translate("Toolbox", "Where the files go, in a folder for each job. Empty: where they were to go.")
    look = QgsProcessingParameterBoolean("WAIT", translate("Toolbox", "Wait for the files"), True)
    wait = told(look, translate("Toolbox", "Otherwise it only looks how far they are."))
    return [jobs, _clip(), wait, _timeout(), told(folder, where)]


def outputs() -> list[QgsProcessingOutputDefinition]:
    """Of an algorithm with jobs, but for OUTPUT, which comes with the folder to write to."""
    return [
        QgsProcessingOutputMultipleLayers("LAYERS", translate("Toolbox", "Layers")),
        QgsProcessingOutputString("JOB_ID", translate("Toolbox", "Jobs, separated by commas")),
        QgsProcessingOutputString("STATE", translate("Toolbox", "State of each job, separated by commas")),
        QgsProcessingOutputNumber("AREA_KM2", translate("Toolbox", "Area in km²")),
        QgsProcessingOutputNumber("PRICE", translate("Toolbox", "Price")),
        QgsProcessingOutputString("CURRENCY", translate("Toolbox", "Currency")),
    ]


def _area(service: type[Provider]) -> list[QgsProcessingParameterDefinition]:
    needed = service.area.required
    instead = "".join(f", {key.upper()}" for key in service.area.instead_of)
    rule = (
        translate("Toolbox", "One of AREA, EXTENT{instead} is needed.").format(instead=instead)
        if needed
        else translate("Toolbox", "AREA or EXTENT, or neither.")
    )
    area = QgsProcessingParameterFeatureSource(
        "AREA", translate("Toolbox", "Area"), [QgsProcessing.SourceType.TypeVectorPolygon], None, True
    )
    extent = QgsProcessingParameterExtent("EXTENT", translate("Toolbox", "Area as an extent"), None, True)
    each = QgsProcessingParameterBoolean("PER_FEATURE", translate("Toolbox", "One order for each feature"), False)
    return [
        told(area, translate("Toolbox", "Polygons. All of them are one area, unless PER_FEATURE is set."), rule),
        told(
            extent,
            translate(
                "Toolbox",
                "A rectangle: west,east,south,north [EPSG:4326]. West may be greater than east, for an area over the "
                "antimeridian. Without a CRS it is in that of the project."
            ),
            rule,
        ),
        told(each, translate("Toolbox", "An order for each feature of AREA, instead of one for all of them.")),
    ]  # fmt: skip


def _server(service: type[Provider]) -> QgsProcessingParameterDefinition:
    """Where there are several servers none is the usual one, so that none is assumed.

    They stand in the help: the list that QGIS has for texts (`value_hints`) takes nothing else, and shows its first
    entry in place of a value that it does not have.
    """
    urls = {server.url: server.title for server in service.servers}
    default = next(iter(urls)) if len(urls) == 1 else None
    urls.update({one.server: one.title for one in read_all() if one.service == service.id and one.server not in urls})
    known = ", ".join(f"{url} ({title})" if title else url for url, title in urls.items())
    help = translate("Toolbox", "The address of the service: {known}, or another one of its kind.").format(known=known)
    parameter = QgsProcessingParameterString("SERVER", translate("Toolbox", "Server"), default)
    return told(parameter, help, advanced=default is not None)


def _authcfg(service: type[Provider]) -> QgsProcessingParameterDefinition:
    text = translate(
        "Toolbox",
        "A QGIS authentication configuration. Empty: that of the account saved for SERVER, or what stands in the "
        "environment as {variables}."
    )  # fmt: skip
    label = translate("Toolbox", "Authentication")
    parameter = QgsProcessingParameterAuthConfig("AUTHCFG", label, None, True)
    return told(parameter, text.format(variables=variables(service)))


def _title() -> QgsProcessingParameterDefinition:
    return told(
        QgsProcessingParameterString("NAME", translate("Toolbox", "Title"), None, False, True),
        translate(
            "Toolbox",
            "The title of the order, from which the folder and the layers have their names. Expressions over the "
            "feature may stand in it: [% \"name\" %]."
        ),
    )  # fmt: skip


def _delivery() -> list[QgsProcessingParameterDefinition]:
    price = QgsProcessingParameterBoolean("DRY_RUN", translate("Toolbox", "Only check and price it"), False)
    merge = QgsProcessingParameterBoolean("MERGE", translate("Toolbox", "Merge what the orders bring"), False)
    return [
        _clip(),
        told(price, translate("Toolbox", "Says what it would cost and every problem, and orders nothing.")),
        _wait(),
        _timeout(),
        told(
            merge,
            translate("Toolbox", "Layers of one theme that several orders have brought become one layer."),
            advanced=True,
        ),
    ]


def _clip() -> QgsProcessingParameterDefinition:
    parameter = QgsProcessingParameterBoolean("CLIP", translate("Toolbox", "Clip to the area"), False)
    return told(parameter, translate("Toolbox", "Cuts what comes to the area exactly."))


def _wait() -> QgsProcessingParameterDefinition:
    parameter = QgsProcessingParameterBoolean("WAIT", translate("Toolbox", "Wait for the files"), True)
    return told(
        parameter,
        translate("Toolbox", "Otherwise it ends once the service has the order, which can be collected by JOB_ID."),
    )


def _timeout() -> QgsProcessingParameterDefinition:
    decimal = QgsProcessingParameterNumber.Type.Double
    label = translate("Toolbox", "Longest wait (minutes)")
    return told(
        QgsProcessingParameterNumber("TIMEOUT", label, decimal, 60, minValue=0),
        translate("Toolbox", "After so many minutes it ends with an error; the order goes on and can be collected."),
        advanced=True,
    )


def _downloads() -> QgsProcessingParameterDefinition:
    folder = str(downloads())
    parameter = QgsProcessingParameterFolderDestination("OUTPUT", translate("Toolbox", "Folder"), folder, True)
    return told(
        parameter,
        translate("Toolbox", "Where the files go, in a folder for each order. Empty: {folder}.").format(folder=folder),
    )
