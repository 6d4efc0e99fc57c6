"""AREA, EXTENT, PER_FEATURE and NAME: what of them becomes the areas of a run, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)

from cutout.bridge.areas import AreaSource, resolve
from cutout.core.aoi import Area
from cutout.core.errors import AreaError
from cutout.core.provider import Provider
from cutout.toolbox.areas import Place
from tests import ROOT
from tests.fifth import beside_the_others
from tests.qgis.trial import Run, in_toolbox

COUNTIES = str(ROOT / "tests" / "standin" / "data" / "colorado-counties.geojson")
GLACIERS = str(ROOT / "tests" / "standin" / "data" / "colorado-glaciers.geojson")
WEST, EAST = (
    "POLYGON((174 -41, 174.1 -41, 174.1 -41.1, 174 -41.1, 174 -41))",
    "POLYGON((175 -41, 175.1 -41, 175.1 -41.1, 175 -41.1, 175 -41))",
)
BOW_TIE = "POLYGON((174 -41, 174.1 -41.1, 174.1 -41, 174 -41.1, 174 -41))"
CURVED = "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(174 -41, 174.1 -41, 174.1 -41.1), (174.1 -41.1, 174 -41)))"


@pytest.fixture(autouse=True)
def fifth(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    yield from beside_the_others(tmp_path_factory.mktemp("providers"), monkeypatch)


@pytest.fixture
def run(qgis_app: QgsApplication, fifth: type[Provider]) -> Iterator[Run]:
    with in_toolbox() as run:
        yield run


def layer(*shapes: str | None, crs: str = "EPSG:4326", kind: str = "Polygon") -> QgsVectorLayer:
    """A layer of the project, with the fields name (`field 1`, …) and size."""
    definition = f"{kind}?{'crs=' + crs + '&' if crs else ''}field=name:string&field=size:double"
    made = QgsVectorLayer(definition, "fields", "memory")
    if not crs:
        made.setCrs(QgsCoordinateReferenceSystem())
    for number, shape in enumerate(shapes, 1):
        feature = QgsFeature(made.fields())
        feature.setAttributes([f"field {number}", number / 2])
        if shape is not None:
            feature.setGeometry(QgsGeometry.fromWkt(shape))
        assert made.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(made)
    return made


def found(run: Run, **parameters: Any) -> list[Place]:
    return run("fifth", **parameters).places


def the_one(run: Run, **parameters: Any) -> Place:
    (place,) = found(run, **parameters)
    assert place.number == 0 and place.problem == ""
    return place


def refused(run: Run, name: str = "fifth", **parameters: Any) -> str:
    with pytest.raises(QgsProcessingException) as caught:
        run(name, **parameters)
    return str(caught.value)


def area(source: AreaSource | None) -> Area:
    """As a run has it, in a thread that Python made."""
    assert source is not None
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(resolve, source).result()


def about(bounds: Sequence[float]) -> Any:
    return pytest.approx(bounds, abs=1e-4)


# --- AREA ----------------------------------------------------------------------------------------------------------


def test_all_features_are_one_area(run: Run) -> None:
    place = the_one(run, AREA=layer(WEST, EAST), NAME="Both")
    assert place.name == "Both" and place.source.label == "fields"
    assert area(place.source).bounds == about((174, -41.1, 175.1, -41))
    assert len(place.source.parts) == 2


def test_each_feature_is_an_area_of_its_own(run: Run) -> None:
    places = found(run, AREA=layer(WEST, EAST), PER_FEATURE=True, NAME='Plot [% upper("name") %] of [% "size" * 2 %]')
    assert [(place.number, place.name) for place in places] == [(1, "Plot FIELD 1 of 1"), (2, "Plot FIELD 2 of 2")]
    assert [area(place.source).bounds for place in places] == [
        about((174, -41.1, 174.1, -41)),
        about((175, -41.1, 175.1, -41)),
    ]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2193", "EPSG:3857", "EPSG:27200", "ESRI:54009"])
@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_files_of_any_crs_and_format(run: Run, crs: str, suffix: str, tmp_path: Path) -> None:
    import processing

    if suffix == "geojson" and crs != "EPSG:4326":
        suffix = "fgb"
    path = str(tmp_path / f"plots.{suffix}")
    moved = processing.run(
        "native:reprojectlayer", {"INPUT": layer(WEST), "TARGET_CRS": QgsCoordinateReferenceSystem(crs), "OUTPUT": path}
    )["OUTPUT"]
    place = the_one(run, AREA=moved)
    assert place.source.label == "plots"
    assert area(place.source).bounds == pytest.approx((174, -41.1, 174.1, -41), abs=2e-3)


def test_a_real_file(run: Run) -> None:
    places = found(run, AREA=COUNTIES, PER_FEATURE="true", NAME='[% "NAME" %] County')
    layer = QgsVectorLayer(COUNTIES)
    names = [f"{feature['NAME']} County" for feature in layer.getFeatures()]
    assert len(names) > 10 and [place.name for place in places] == names
    assert all(area(place.source).km2 > 50 for place in places)


def test_only_what_is_selected(run: Run) -> None:
    plots = layer(WEST, EAST)
    plots.select(2)
    definition = QgsProcessingFeatureSourceDefinition(plots.id(), True)
    assert area(the_one(run, AREA=definition).source).bounds == about((175, -41.1, 175.1, -41))
    (place,) = found(run, AREA=definition, PER_FEATURE=True, NAME='[% "name" %]')
    assert (place.number, place.name) == (1, "field 2")


@pytest.mark.parametrize("shape", [BOW_TIE, CURVED])
def test_shapes_that_qgis_or_shapely_would_refuse(run: Run, shape: str) -> None:
    plots = layer(shape, kind="Polygon" if shape == BOW_TIE else "CurvePolygon")
    for place in (the_one(run, AREA=plots), *found(run, AREA=plots, PER_FEATURE=True)):
        assert area(place.source).km2 > 10


def test_a_feature_without_a_geometry_does_not_lose_the_others(run: Run) -> None:
    places = found(run, AREA=layer(WEST, None, "POLYGON EMPTY", EAST), PER_FEATURE=True, NAME='[% "name" %]')
    assert [place.name for place in places] == ["field 1", "field 2", "field 3", "field 4"]
    assert [place.problem for place in places] == ["", "Feature 2 has no geometry.", "Feature 3 has no geometry.", ""]
    assert [place.source is None for place in places] == [False, True, True, False]


@pytest.mark.parametrize("per_feature", [False, True])
def test_a_layer_without_an_area_is_refused_by_name(run: Run, per_feature: bool, tmp_path: Path) -> None:
    broken = QgsVectorLayer(str(tmp_path / "gone.gpkg"), "gone", "ogr")
    cases = {
        "AREA: fields has no features.": layer(),
        "AREA: Nothing is selected in fields.": QgsProcessingFeatureSourceDefinition(layer(WEST).id(), True),
        "AREA: fields has no polygons.": layer("POINT(174 -41)", kind="Point"),
        "has no polygons": layer("LINESTRING(174 -41, 175 -41)", kind="LineString"),
        "AREA: colorado-glaciers has no polygons.": GLACIERS,
        "no polygons. Choose a polygon layer.": layer(None, kind="NoGeometry"),
        "AREA: fields has no coordinate reference system.": layer(WEST, crs=""),
        "Could not load source layer for AREA": broken,
        "AREA": str(tmp_path / "missing.gpkg"),
    }
    for reason, given in cases.items():
        assert reason in refused(run, AREA=given, PER_FEATURE=per_feature)
    text = refused(run, AREA=layer(None, None), PER_FEATURE=per_feature)
    assert text.startswith("AREA: The features of fields have no geometry.")


def test_a_crs_that_only_qgis_knows_ends_in_a_sentence(run: Run) -> None:
    plots = layer(WEST)
    local = QgsCoordinateReferenceSystem.fromWkt('LOCAL_CS["Site grid",UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]')
    plots.setCrs(local)
    with pytest.raises(AreaError, match="coordinate reference system"):
        if local.isValid():
            area(the_one(run, AREA=plots).source)
        else:
            raise AreaError(refused(run, AREA=plots))


# --- NAME ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("", ""),
        (None, ""),
        ("  Two\n lines ", "Two lines"),
        ("[% 1 + 1 %] [% 'x' %]", "2 x"),
        ("[% NULL %]", ""),
        ('[% "name" %] [% $area > 0 %]', "field 1 1"),
        ("50 % [%@row_number%]", "50 % 1"),
        ("[% @project_title %]", "Wells"),
        ("[% @layer_name %]", "fields"),
        ("[% count(1) %]", "1"),
    ],
)
def test_expressions_in_the_title(run: Run, new_project: QgsProject, name: str, title: str) -> None:
    new_project.setTitle("Wells")
    assert the_one(run, AREA=layer(WEST), NAME=name).name == title
    new_project.setTitle("")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("[% nope( %]", "“nope(” can't be worked out"),
        ('[% "nme" %]', '“"nme"” can\'t be worked out'),
        ("[% to_int('x') %]", "can't be worked out"),
        ("a [% %] b", "can't be worked out"),
    ],
)
def test_an_expression_that_can_not_be_worked_out_is_refused(run: Run, name: str, reason: str) -> None:
    for given in ({"AREA": layer(WEST)}, {"AREA": layer(WEST), "PER_FEATURE": True}, {"EXTENT": "1,2,3,4"}):
        text = refused(run, NAME=name, **given)
        assert text.startswith("NAME: ") and reason in text and "\n" not in text


def test_a_field_needs_a_single_feature(run: Run) -> None:
    assert "No feature available" in refused(run, AREA=layer(WEST, EAST), NAME='[% "name" %]')
    assert "NAME: " in refused(run, EXTENT="1,2,3,4", NAME='[% "name" %]')


# --- EXTENT --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        ("174,175,-42,-41 [EPSG:4326]", (174, -42, 175, -41)),
        ("174,175,-42,-41", (174, -42, 175, -41)),
        (" 174 , 175 , -42 , -41 [ EPSG:4326 ] ", (174, -42, 175, -41)),
        ("1.74e2,1.75E+2,-42.0,-41 [EPSG:4326]", (174, -42, 175, -41)),
        ("179,-179,-18,-16 [EPSG:4326]", (179, -18, -179, -16)),
        ("179,181,-18,-16 [EPSG:4326]", (179, -18, -179, -16)),
        ("19926188,-19926180,-2037548,-1804722 [EPSG:3857]", (179, -18, -179, -16)),
        ("19369591.4,19480911,-5160979.4,-5012341.7 [EPSG:3857]", (174, -42, 175, -41)),
        (QgsRectangle(174, -42, 175, -41), (174, -42, 175, -41)),
        (QgsGeometry.fromWkt("POLYGON((174 -41, 175 -41, 175 -42, 174 -42, 174 -41))"), (174, -42, 175, -41)),
    ],
)
def test_an_extent_in_any_form(run: Run, value: Any, bounds: tuple[float, ...]) -> None:
    found = area(the_one(run, EXTENT=value).source)
    assert found.bounds == pytest.approx(bounds, abs=1e-3)
    assert found.crosses_antimeridian == (bounds[0] > bounds[2])


def test_an_extent_with_a_crs_of_its_own(run: Run, new_project: QgsProject) -> None:
    new_project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    box = QgsReferencedRectangle(QgsRectangle(174, -42, 175, -41), QgsCoordinateReferenceSystem("EPSG:4326"))
    for value in (box, "174,175,-42,-41 [EPSG:4326]", layer("POLYGON((174 -42, 175 -42, 175 -41, 174 -42))")):
        assert area(the_one(run, EXTENT=value).source).bounds == about((174, -42, 175, -41))
    counties = QgsVectorLayer(COUNTIES).extent()
    wanted = (counties.xMinimum(), counties.yMinimum(), counties.xMaximum(), counties.yMaximum())
    assert area(the_one(run, EXTENT=COUNTIES).source).bounds == about(wanted)


def test_an_extent_without_a_crs_is_in_that_of_the_project(run: Run, new_project: QgsProject) -> None:
    new_project.setCrs(QgsCoordinateReferenceSystem("EPSG:2193"))
    for value in ("1748000,1749000,5427000,5428000", QgsRectangle(1748000, 5427000, 1749000, 5428000)):
        assert area(the_one(run, EXTENT=value).source).bounds == pytest.approx(
            (174.767, -41.295, 174.779, -41.286), abs=1e-2
        )
    assert "EPSG:2193" in the_one(run, EXTENT="1,2,3,4").source.crs


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1748000,1749000,5427000,5428000", "neither it nor the project has a CRS"),
        (QgsRectangle(1748000, 5427000, 1749000, 5428000), "neither it nor the project has a CRS"),
        ("1,2,3,4 [FOO:1]", "QGIS knows no CRS “FOO:1”"),
        ("1,2,3,4 []", "QGIS knows no CRS"),
        (5, "“5” is not an extent"),
        ("Wellington", "EXTENT"),
        ("1,2,3", "EXTENT"),
        ("a,b,c,d", "EXTENT"),
    ],
)
def test_what_is_no_extent_is_refused(run: Run, value: Any, reason: str) -> None:
    text = refused(run, EXTENT=value)
    assert "EXTENT" in text and reason in text


@pytest.mark.parametrize(
    "value",
    [
        "nan,nan,nan,nan",
        "inf,inf,1,2 [EPSG:4326]",
        "174,174,-42,-41 [EPSG:4326]",
        "174,175,-41,-41 [EPSG:4326]",
        "174,175,-41,-42 [EPSG:4326]",
        "1749000,1748000,5427000,5428000 [EPSG:2193]",
        "174,175,91,92 [EPSG:4326]",
        "1e30,2e30,1e30,2e30 [EPSG:2193]",
    ],
)
def test_an_extent_without_ground_ends_in_a_sentence(run: Run, value: str) -> None:
    with pytest.raises(AreaError, match=r"^(The|A part) .*\.$"):
        area(the_one(run, EXTENT=value).source)


# --- what goes together --------------------------------------------------------------------------------------------


HERE = "174.77,174.78,-41.3,-41.29 [EPSG:4326]"


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("fifth", {}, "An area is missing: give one of AREA, EXTENT."),
        ("fifth", {"AREA": "", "EXTENT": ""}, "An area is missing"),
        ("brightearth", {}, "An area is missing: give one of AREA, EXTENT."),
        ("cityloader", {}, "An area is missing: give one of AREA, EXTENT, CENTER, ADDRESS."),
        ("cityloader", {"EXTENT": QgsRectangle(), "CENTER": "", "ADDRESS": " "}, "An area is missing"),
        ("koordinates", {}, "An area is missing: give one of AREA, EXTENT, CROP_FEATURE."),
        ("fifth", {"AREA": COUNTIES, "EXTENT": HERE}, "Give only one of AREA, EXTENT."),
        ("itwin", {"AREA": COUNTIES, "EXTENT": HERE}, "Give only one of AREA, EXTENT."),
        ("cityloader", {"EXTENT": HERE, "CENTER": "1,2"}, "Give only one of EXTENT, CENTER."),
        ("cityloader", {"CENTER": "1,2", "ADDRESS": "Wien"}, "Give only one of CENTER, ADDRESS."),
        ("koordinates", {"AREA": COUNTIES, "CROP_FEATURE": "x"}, "Give only one of AREA, CROP_FEATURE."),
        ("cityloader", {"EXTENT": HERE, "PER_FEATURE": True}, "PER_FEATURE needs AREA"),
        ("itwin", {"PER_FEATURE": "1"}, "PER_FEATURE needs AREA"),
        ("fifth", {"AREA": COUNTIES, "PER_FEATURE": "nonsense"}, "PER_FEATURE: “nonsense” is neither"),
        ("cityloader", {"CENTER": "1,2", "PER_FEATURE": "nonsense"}, "PER_FEATURE: “nonsense” is neither"),
        ("cityloader", {"FORMAT": "gltf"}, "FORMAT: “gltf” is none of"),
    ],
)
def test_what_does_not_go_together_is_refused_before_the_run(
    run: Run, name: str, given: dict[str, Any], reason: str
) -> None:
    own = {"koordinates": {"ITEMS": "layer:1", "SERVER": "https://data.linz.govt.nz"}, "itwin": {"IMODEL": "a"}}
    text = refused(run, name, **own.get(name, {}), **given)
    assert reason in text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("itwin", {"IMODEL": "abc"}),
        ("cityloader", {"CENTER": "16.37,48.21"}),
        ("cityloader", {"ADDRESS": "Stephansplatz 1, Wien"}),
        ("koordinates", {"ITEMS": "table:5", "SERVER": "https://data.linz.govt.nz"}),
        (
            "koordinates",
            {"ITEMS": "1", "SERVER": "https://x.example", "CROP_FEATURE": "https://x.example/cropfeatures/1/"},
        ),
    ],
)
def test_an_order_without_an_area_where_none_is_needed(run: Run, name: str, given: dict[str, Any]) -> None:
    assert run(name, NAME="Whole", **given).places == [Place(0, "Whole")]
