"""The plugin as QGIS finds it: metadata that QGIS reads, a package that it starts through classFactory."""

from __future__ import annotations

import configparser

from qgis.core import Qgis, QgsApplication, QgsAuthMethodConfig, QgsNetworkAccessManager, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from tests import ROOT

# On QGIS 3.22 a layer still alive at exitQgis ends the process with a signal: pytest's exit code is the test.
KEPT: list[QgsVectorLayer] = []


def metadata() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_this_qgis_is_within_the_range_that_the_metadata_names() -> None:
    least, most = (tuple(map(int, metadata()[f"qgis{end}Version"].split("."))) for end in ("Minimum", "Maximum"))
    running = (Qgis.QGIS_VERSION_INT // 10000, Qgis.QGIS_VERSION_INT // 100 % 100)
    assert least <= running <= most


def test_class_factory_brings_the_plugin_to_qgis_process() -> None:
    import cutout

    plugin = cutout.classFactory(None)
    plugin.initProcessing()
    try:
        assert QgsApplication.processingRegistry().providerById("cutout") is not None
    finally:
        plugin.unload()
    assert QgsApplication.processingRegistry().providerById("cutout") is None


def test_the_profile_of_the_tests_is_not_the_persons_own(qgis_app: QgsApplication) -> None:
    profile = qgis_app.qgisSettingsDirPath()
    QgsSettings().setValue("cutout/probe", "x")
    QgsSettings().sync()
    assert "pytest" in QgsSettings().fileName()
    assert "pytest" in profile
    assert "pytest" in qgis_app.qgisAuthDatabaseFilePath()


def test_an_auth_config_survives_a_round_trip(qgis_app: QgsApplication) -> None:
    manager = qgis_app.authManager()
    assert manager.masterPasswordIsSet()
    config = QgsAuthMethodConfig("Basic")
    config.setName("probe")
    config.setConfig("username", "someone")
    stored = manager.storeAuthenticationConfig(config)
    assert stored[0] if isinstance(stored, tuple) else stored
    ok, read = manager.loadAuthenticationConfig(config.id(), QgsAuthMethodConfig(), True)
    assert ok and read.config("username") == "someone"
    assert manager.removeAuthenticationConfig(config.id())


def test_qgis_asks_no_server_beyond_this_machine() -> None:
    reply = QgsNetworkAccessManager.blockingGet(QNetworkRequest(QUrl("http://cutout.invalid/")))
    assert reply.request().url().port() == 9


def test_native_algorithms_run() -> None:
    import processing

    points = QgsVectorLayer("Point?crs=EPSG:4326", "points", "memory")
    assert points.isValid()
    result = processing.run("native:buffer", {"INPUT": points, "DISTANCE": 1, "OUTPUT": "memory:"})
    assert result["OUTPUT"].isValid()


def test_a_layer_that_python_keeps_does_not_break_the_end_of_the_run() -> None:
    KEPT.append(QgsVectorLayer("Point?crs=EPSG:4326", "kept", "memory"))
    assert KEPT[0].isValid()
