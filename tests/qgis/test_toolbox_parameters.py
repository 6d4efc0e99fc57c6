"""The parameters of the Processing algorithms: those that DESIGN fixes, and what is read from them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsProject,
    QgsProperty,
    QgsReferencedPointXY,
)
from qgis.gui import QgsGui, QgsProcessingGui, QgsProcessingLayerOutputDestinationWidget

from cutout.bridge.account_settings import Account, remove, write
from cutout.bridge.folders import choose_downloads, downloads
from cutout.core.provider import Provider
from cutout.providers import services
from tests.fifth import beside_the_others
from tests.qgis.trial import Run, in_toolbox

# name: type, default, whether it may be left away, whether it is among the advanced ones
BEFORE = {
    "AREA": ("source", None, True, False),
    "EXTENT": ("extent", None, True, False),
    "PER_FEATURE": ("boolean", False, True, False),
}
AFTER = {
    "AUTHCFG": ("authcfg", None, True, False),
    "NAME": ("string", None, True, False),
    "CLIP": ("boolean", False, True, False),
    "DRY_RUN": ("boolean", False, True, False),
    "WAIT": ("boolean", True, True, False),
    "TIMEOUT": ("number", 60, True, True),
    "MERGE": ("boolean", False, True, True),
    "OUTPUT": ("folderDestination", "the downloads", True, False),
}
SERVERS = {
    "cityloader": "https://v2.3dcityloader.com/api",
    "koordinates": None,
    "brightearth": "https://api.beod.luxcarta.cloud",
    "itwin": "https://api.bentley.com",
    "fifth": "https://fifth.example/api",
}
OWN = {
    "cityloader": {
        "FORMAT": ("enum", "stl", True, False),
        "INCLUDE": ("enum", ["terrain", "buildings"], True, False),
        "SEPARATE_FILES": ("boolean", False, True, False),
        "CENTER": ("point", None, True, False),
        "ADDRESS": ("string", None, True, False),
        "WIDTH": ("number", 500, True, False),
        "HEIGHT": ("number", 500, True, False),
    },
    "koordinates": {
        "ITEMS": ("string", None, False, False),
        "CRS": ("crs", None, True, False),
        "VECTOR_FORMAT": ("enum", "gpkg", True, False),
        "RASTER_FORMAT": ("enum", "geotiff", True, False),
        "GRID_FORMAT": ("enum", "geotiff", True, False),
        "RAT_FORMAT": ("enum", "hfa", True, True),
        "TABLE_FORMAT": ("enum", "csv", True, False),
        "CROP_FEATURE": ("string", None, True, True),
        "RESOLUTION_MULTIPLIER": ("number", 1, True, True),
        "PAGE_SIZE": ("enum", "a4", True, True),
        "PAGE_ORIENTATION": ("enum", "landscape", True, True),
        "INCLUDE_SCALE": ("boolean", False, True, True),
        "INCLUDE_SCALE_GRID": ("boolean", False, True, True),
        "INCLUDE_LAT_LON_GRID": ("boolean", False, True, True),
        "INCLUDE_LEGEND": ("boolean", False, True, True),
        "PDF_RASTER_DPI": ("number", 72, True, True),
    },
    "brightearth": {
        "SCENARIO": ("string", "extraction-mono", True, False),
        "SOURCE_IMAGE_TYPE": ("string", "basemap", True, True),
        "SOURCE_IMAGE_ID": ("number", 1, True, True),
        "AUGMENTED": ("boolean", False, True, False),
        "OUTPUT_CRS": ("enum", "3857", True, False),
        "VECTOR_FORMATS": ("enum", ["geopackage"], True, False),
        "RASTER_FORMATS": ("enum", ["geotiff"], True, False),
        "THREE_D_FORMATS": ("enum", ["3d_tiles"], True, False),
        "DL_MODELS": ("string", "[]", True, True),
    },
    "itwin": {
        "IMODEL": ("string", None, False, False),
        "CHANGESET": ("string", None, True, True),
        "EXPORT_TYPE": ("enum", "3DTiles", True, True),
        "START": ("boolean", True, True, True),
        "CDN": ("boolean", False, True, True),
    },
    "fifth": {"FORM": ("enum", "tif", True, False)},
}
VALUES = {
    ("cityloader", "FORMAT"): ["stl", "obj", "dxf"],
    ("cityloader", "INCLUDE"): ["terrain", "buildings"],
    ("koordinates", "VECTOR_FORMAT"): ["gpkg", "shp", "filegdb", "kml", "tab", "csv", "dwg"],
    ("koordinates", "RASTER_FORMAT"): ["geotiff", "jpeg", "jp2", "jp2-lossless", "hfa", "kea", "kml", "dwg"],
    ("koordinates", "GRID_FORMAT"): ["geotiff", "aaigrid", "kea"],
    ("koordinates", "TABLE_FORMAT"): ["csv", "gpkg", "filegdb", "shp", "tab"],
    ("brightearth", "OUTPUT_CRS"): ["3857", "4326"],
    ("brightearth", "VECTOR_FORMATS"): ["geopackage", "shapefile"],
    ("brightearth", "RASTER_FORMATS"): ["geotiff"],
    ("brightearth", "THREE_D_FORMATS"): ["3d_tiles"],
    ("itwin", "EXPORT_TYPE"): ["3DTiles", "CESIUM", "IMODEL", "3DFT"],
    ("fifth", "FORM"): ["tif"],
}
SEVERAL = {"INCLUDE", "VECTOR_FORMATS", "RASTER_FORMATS", "THREE_D_FORMATS"}
LIMITS = {  # the smallest, the largest, whether it is a whole number
    "TIMEOUT": (0, None, False),
    "WIDTH": (1, None, False),
    "HEIGHT": (1, None, False),
    "RESOLUTION_MULTIPLIER": (1, 16, True),
    "PDF_RASTER_DPI": (36, 600, True),
    "SOURCE_IMAGE_ID": (0, None, True),
}
OUTPUTS = {
    "OUTPUT": "outputFolder",
    "LAYERS": "outputMultilayer",
    "JOB_ID": "outputString",
    "STATE": "outputString",
    "AREA_KM2": "outputNumber",
    "PRICE": "outputNumber",
    "CURRENCY": "outputString",
}
HERE = "174.77,174.78,-41.3,-41.29 [EPSG:4326]"
NAMES = ["cityloader", "koordinates", "brightearth", "itwin", "fifth"]
ORDERS: dict[str, dict[str, Any]] = {
    "cityloader": {"EXTENT": HERE},
    "koordinates": {"EXTENT": HERE, "ITEMS": "layer:101", "SERVER": "https://data.linz.govt.nz"},
    "brightearth": {"EXTENT": HERE},
    "itwin": {"IMODEL": "abc"},
    "fifth": {"EXTENT": HERE},
}
ADVANCED = QgsProcessingParameterDefinition.Flag.FlagAdvanced
OPTIONAL = QgsProcessingParameterDefinition.Flag.FlagOptional


@pytest.fixture(autouse=True)
def fifth(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    yield from beside_the_others(tmp_path_factory.mktemp("providers"), monkeypatch)


@pytest.fixture
def run(qgis_app: QgsApplication, fifth: type[Provider]) -> Iterator[Run]:
    with in_toolbox() as run:
        yield run


def algorithm(name: str) -> QgsProcessingAlgorithm:
    return QgsApplication.processingRegistry().algorithmById(f"trial:{name}")


def refused(run: Run, name: str, **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run(name, **{**ORDERS[name], **parameters})
    return str(caught.value)


def described(definition: QgsProcessingParameterDefinition) -> tuple[Any, ...]:
    """As in the tables above. What has a default may be left away, in QGIS's own view."""
    may_be_left_away = bool(definition.flags() & OPTIONAL) or definition.defaultValue() not in (None, "")
    is_advanced = bool(definition.flags() & ADVANCED)
    return definition.type(), definition.defaultValue(), may_be_left_away, is_advanced


# --- what there is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_are_those_that_are_fixed(run: Run, name: str, tmp_path: Path) -> None:
    choose_downloads(str(tmp_path))
    fresh = algorithm(name).create()
    found = {each.name(): described(each) for each in fresh.parameterDefinitions()}
    server = ("string", SERVERS[name], SERVERS[name] is not None, SERVERS[name] is not None)
    wanted = {
        **BEFORE,
        **OWN[name],
        "SERVER": server,
        **AFTER,
        "OUTPUT": ("folderDestination", str(tmp_path), True, False),
    }
    assert found == wanted
    assert list(found) == list(wanted)
    choose_downloads("")
    assert str(downloads()) != str(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_values_and_limits_are_those_that_are_fixed(run: Run, name: str) -> None:
    for definition in algorithm(name).parameterDefinitions():
        if definition.type() == "enum":
            assert definition.usesStaticStrings()
            assert definition.options() == VALUES.get((name, definition.name()), definition.options())
            assert definition.allowMultiple() == (definition.name() in SEVERAL)
        if definition.type() == "number":
            low, high, is_whole = LIMITS[definition.name()]
            assert definition.minimum() == low
            assert definition.maximum() == high or (high is None and definition.maximum() > 1e300)
            assert (definition.dataType() == QgsProcessingParameterNumber.Type.Integer) == is_whole


@pytest.mark.parametrize("name", [*NAMES, "collect"])
def test_every_parameter_has_a_label_and_help(run: Run, name: str) -> None:
    for definition in algorithm(name).parameterDefinitions():
        assert definition.description()
        assert definition.help().endswith(".") and "{" not in definition.help(), definition.help()
        assert ".." not in definition.help()


def test_help_says_when_a_parameter_matters_and_what_its_values_mean(run: Run) -> None:
    help = {each.name(): each.help() for each in algorithm("cityloader").parameterDefinitions()}
    assert "Instead of AREA or EXTENT." in help["CENTER"]
    assert "Only with CENTER or ADDRESS." in help["WIDTH"] and "In m." in help["WIDTH"]
    assert "obj: Wavefront OBJ" in help["FORMAT"]
    assert "One of AREA, EXTENT, CENTER, ADDRESS is needed." in help["AREA"]
    assert "(m)" in algorithm("cityloader").parameterDefinition("WIDTH").description()
    help = {each.name(): each.help() for each in algorithm("koordinates").parameterDefinitions()}
    assert "Only for grid data." in help["GRID_FORMAT"]
    assert "https://data.linz.govt.nz (LINZ Data Service)" in help["SERVER"]
    help = {each.name(): each.help() for each in algorithm("itwin").parameterDefinitions()}
    assert "or neither" in help["EXTENT"]


def test_saved_servers_are_suggested_and_do_not_become_the_default(run: Run) -> None:
    saved = Account("koordinates", "https://maps.example.org", "Our maps", "abc1234", key="one")
    write(saved)
    try:
        fresh, other = algorithm("koordinates").create(), algorithm("itwin").create()
        server, others = fresh.parameterDefinition("SERVER"), other.parameterDefinition("SERVER")
        assert "https://maps.example.org (Our maps)" in server.help() and server.defaultValue() is None
        assert "maps.example.org" not in others.help()
    finally:
        remove(saved)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_typed_for_models(run: Run, name: str) -> None:
    assert {each.name(): each.type() for each in algorithm(name).outputDefinitions()} == OUTPUTS
    assert all(each.description() for each in algorithm(name).outputDefinitions())


@pytest.mark.parametrize("name", NAMES)
def test_the_dialog_begins_with_the_defaults_and_gives_them_back(run: Run, name: str) -> None:
    QgsGui.instance()
    context = QgsProcessingContext()
    for definition in algorithm(name).parameterDefinitions():
        if definition.isDestination():
            continue  # the dialog has a widget of another kind for those
        wrapper = QgsGui.processingGuiRegistry().createParameterWidgetWrapper(
            definition, QgsProcessingGui.WidgetType.Standard
        )
        widget = wrapper.createWrappedWidget(context)
        wrapper.setParameterValue(definition.defaultValue(), context)
        shown = wrapper.parameterValue()
        assert widget is not None and (shown or None) == (definition.defaultValue() or None), definition.name()
        assert definition.checkValueIsAcceptable(shown, context) or definition.defaultValue() is None


def test_the_dialog_suggests_the_downloads_and_for_what_is_collected_nothing(run: Run) -> None:
    order, collect = (algorithm(name).parameterDefinition("OUTPUT") for name in ("koordinates", "collect"))
    assert QgsProcessingLayerOutputDestinationWidget(order, False).value() == order.defaultValue()
    assert QgsProcessingLayerOutputDestinationWidget(collect, False).value() is None


def test_collecting_has_its_parameters(run: Run) -> None:
    found = {each.name(): described(each) for each in algorithm("collect").parameterDefinitions()}
    assert found == {
        "JOB_ID": ("string", None, False, False),
        "WAIT": ("boolean", True, True, False),
        "TIMEOUT": ("number", 60, True, True),
        "CLIP": ("boolean", False, True, False),
        "OUTPUT": ("folderDestination", None, True, False),
    }


# --- what is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_given_is_as_declared(run: Run, name: str) -> None:
    seen = run(name, **ORDERS[name])
    declared = {option.key: option.default for option in services()[name].options if not option.guide}
    wanted = {key: list(default) if isinstance(default, tuple) else default for key, default in declared.items()}
    given = {"koordinates": {"items": ["layer:101"]}, "itwin": {"imodel": "abc"}}
    assert seen.options == {**wanted, **given.get(name, {})}


@pytest.mark.parametrize(
    ("name", "parameter", "value", "read"),
    [
        ("cityloader", "FORMAT", "obj", "obj"),
        ("cityloader", "INCLUDE", "terrain", ["terrain"]),
        ("cityloader", "INCLUDE", "buildings,terrain", ["buildings", "terrain"]),
        ("cityloader", "INCLUDE", ["buildings"], ["buildings"]),
        ("cityloader", "SEPARATE_FILES", "true", True),
        ("cityloader", "SEPARATE_FILES", "0", False),
        ("cityloader", "SEPARATE_FILES", 1, True),
        ("cityloader", "WIDTH", "250.5", 250.5),
        ("cityloader", "WIDTH", 250.0, 250),
        ("koordinates", "ITEMS", "layer:1, table:2,3", ["layer:1", "table:2", "3"]),
        ("koordinates", "ITEMS", ["layer:1", "2"], ["layer:1", "2"]),
        ("koordinates", "ITEMS", 7, ["7"]),
        ("koordinates", "CRS", "EPSG:2193", "EPSG:2193"),
        ("koordinates", "CRS", QgsCoordinateReferenceSystem("EPSG:2193"), "EPSG:2193"),
        ("koordinates", "CRS", QgsCoordinateReferenceSystem(), ""),
        ("koordinates", "CRS", "", ""),
        ("koordinates", "RESOLUTION_MULTIPLIER", "16", 16),
        ("koordinates", "RESOLUTION_MULTIPLIER", 2.0, 2),
        ("koordinates", "INCLUDE_LEGEND", QgsProperty.fromExpression("1 = 1"), True),
        ("brightearth", "SCENARIO", " extraction-stereo ", "extraction-stereo"),
        ("brightearth", "DL_MODELS", '["a", "b"]', '["a", "b"]'),
        ("brightearth", "VECTOR_FORMATS", "geopackage,shapefile", ["geopackage", "shapefile"]),
        ("itwin", "IMODEL", "0d2c-5", "0d2c-5"),
        ("itwin", "START", "False", False),
        ("fifth", "FORM", "tif", "tif"),
    ],
)
def test_values_are_read_as_the_services_want_them(run: Run, name: str, parameter: str, value: Any, read: Any) -> None:
    found = run(name, **{**ORDERS[name], parameter: value}).options[parameter.lower()]
    assert found == read and type(found) is type(read)


def test_the_crs_of_the_project_can_be_chosen(run: Run, new_project: QgsProject) -> None:
    new_project.setCrs(QgsCoordinateReferenceSystem("EPSG:2193"))
    assert run("koordinates", **{**ORDERS["koordinates"], "CRS": "ProjectCrs"}).options["crs"] == "EPSG:2193"


@pytest.mark.parametrize(
    ("value", "lonlat"),
    [
        ("174.5,-41.25", [174.5, -41.25]),
        ("174.5,-41.25 [EPSG:4326]", [174.5, -41.25]),
        ("1822956.79,6144224.75 [EPSG:3857]", [16.376, 48.224]),
        ("1748735,5428318 [EPSG:2193]", [174.776, -41.283]),
        (
            QgsReferencedPointXY(QgsPointXY(1748735, 5428318), QgsCoordinateReferenceSystem("EPSG:2193")),
            [174.776, -41.283],
        ),
        (QgsPointXY(16.5, 48.25), [16.5, 48.25]),
        (QgsGeometry.fromPointXY(QgsPointXY(16.5, 48.25)), [16.5, 48.25]),
        ("-20037600,0 [EPSG:3857]", [179.9992, 0.0]),
    ],
)
def test_a_point_of_any_crs_is_longitude_and_latitude(run: Run, value: Any, lonlat: list[float]) -> None:
    assert run("cityloader", CENTER=value).options["center"] == pytest.approx(lonlat, abs=1e-3)


def test_a_point_without_a_crs_is_in_that_of_the_project(run: Run, new_project: QgsProject) -> None:
    new_project.setCrs(QgsCoordinateReferenceSystem("EPSG:2193"))
    found = run("cityloader", CENTER="1748735,5428318").options["center"]
    assert found == pytest.approx([174.776, -41.283], abs=1e-3)


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameter", "value", "reason"),
    [
        ("cityloader", "FORMAT", "gltf", "“gltf” is none of stl, obj, dxf"),
        ("cityloader", "FORMAT", "stl,obj", "“stl,obj” is none of"),
        ("cityloader", "FORMAT", 0, "“0” is none of"),
        ("cityloader", "FORMAT", ["stl"], "is none of"),
        ("cityloader", "INCLUDE", "terrain,trees", "“trees” is none of terrain, buildings"),
        ("cityloader", "INCLUDE", ["roads"], "“roads” is none of"),
        ("cityloader", "INCLUDE", [], ""),
        ("cityloader", "INCLUDE", {"a": 1}, "is none of"),
        ("cityloader", "SEPARATE_FILES", "no", "“no” is neither true nor false"),
        ("cityloader", "SEPARATE_FILES", 2, "neither true nor false"),
        ("cityloader", "SEPARATE_FILES", [], "neither true nor false"),
        ("cityloader", "WIDTH", "wide", "“wide” is not a number of at least 1"),
        ("cityloader", "WIDTH", math.nan, "is not a number of at least 1"),
        ("cityloader", "WIDTH", "inf", "is not a number of at least 1"),
        ("cityloader", "WIDTH", 0.5, "is not a number of at least 1"),
        ("cityloader", "ADDRESS", ["a", "b"], "must be a text"),
        ("koordinates", "RESOLUTION_MULTIPLIER", 17, "“17” is not a whole number from 1 to 16"),
        ("koordinates", "RESOLUTION_MULTIPLIER", "1.5", "“1.5” is not a whole number from 1 to 16"),
        ("koordinates", "RESOLUTION_MULTIPLIER", True, "is not a whole number"),
        ("koordinates", "RESOLUTION_MULTIPLIER", 10**400, "is not a whole number"),
        ("koordinates", "VECTOR_FORMAT", "GPKG", "“GPKG” is none of gpkg"),
        ("koordinates", "CRS", "EPSG:999999", "QGIS knows no CRS “EPSG:999999”"),
        ("koordinates", "CRS", "nonsense", "QGIS knows no CRS “nonsense”"),
        ("koordinates", "CRS", 5.5, "QGIS knows no CRS"),
        ("koordinates", "CRS", QgsCoordinateReferenceSystem.fromProj("+proj=tmerc +lon_0=12.3 +x_0=7"), "no code"),
        ("koordinates", "ITEMS", "", "ITEMS"),
        ("koordinates", "SERVER", "", "SERVER"),
        ("koordinates", "TIMEOUT", "soon", "“soon” is not a number of at least 0"),
        ("koordinates", "TIMEOUT", -1, "is not a number of at least 0"),
        ("koordinates", "WAIT", "perhaps", "“perhaps” is neither"),
        ("koordinates", "MERGE", "yes", "“yes” is neither"),
        ("brightearth", "SCENARIO", "", "SCENARIO"),
        ("brightearth", "SOURCE_IMAGE_ID", -1, "whole number of at least 0"),
        ("brightearth", "THREE_D_FORMATS", "3d_tiles,las", "“las” is none of 3d_tiles"),
        ("itwin", "IMODEL", None, "IMODEL"),
        ("fifth", "FORM", "jpg", "“jpg” is none of tif"),
    ],
)
def test_what_can_not_be_used_is_refused_by_the_name_of_the_parameter(
    run: Run, name: str, parameter: str, value: Any, reason: str
) -> None:
    text = refused(run, name, **{parameter: value})
    assert parameter in text and reason in text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("here", "“here” is no point"),
        ("1,2,3", "is no point"),
        ("nan,nan", "is no point"),
        ([16.37, 48.21], "is no point"),
        (5, "is no point"),
        ("999,999", "neither it nor the project has a CRS"),
        ("185,10 [EPSG:4326]", "is not on the Earth"),
        ("1,2 [FOO:1]", "QGIS knows no CRS “FOO:1”"),
        ("1e30,1e30 [EPSG:2193]", "is not on the Earth"),
    ],
)
def test_what_is_no_point_is_refused(run: Run, value: Any, reason: str) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        run("cityloader", CENTER=value)
    assert "CENTER: " in str(caught.value) and reason in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(run: Run) -> None:
    text = refused(run, "cityloader", FORMAT="gltf", WIDTH="x", WAIT="maybe")
    assert all(text.count(f"{name}: ") == 1 for name in ("WAIT", "FORMAT", "WIDTH"))


def test_collecting_checks_its_values_too(run: Run, tmp_path: Path) -> None:
    import processing

    assert processing.run("trial:collect", {"JOB_ID": "a"})["OUTPUT"] == ""
    with pytest.raises(QgsProcessingException, match="TIMEOUT: “soon”"):
        processing.run("trial:collect", {"JOB_ID": "a", "TIMEOUT": "soon"})
    with pytest.raises(QgsProcessingException, match="JOB_ID"):
        processing.run("trial:collect", {})
