"""QGIS's proxy and certificates as core.http gets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyQuery, QSslCertificate

from cutout.bridge.network import network, proxy_rules
from cutout.core.errors import TransientError
from cutout.core.http import Http, Network
from tests.standin.client import Standin

URLS = (
    "https://data.linz.govt.nz/services/api/v1.x/",
    "http://inside.example/api",
    "http://system.example/x",
    "http://127.0.0.1:8080/",
)


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Iterator[QgsSettings]:
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    settings = QgsSettings()
    yield settings
    settings.remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


def use(settings: QgsSettings, **values: object) -> None:
    for key, value in values.items():
        settings.setValue(f"proxy/{key}", value)
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


def as_qgis_says(url: str) -> str:
    """The host of the proxy that QGIS's own factory names for the URL, empty for none or "as the system says"."""
    proxy = QgsNetworkAccessManager.instance().proxyFactory().queryProxy(QNetworkProxyQuery(QUrl(url)))[0]
    none = (QNetworkProxy.ProxyType.NoProxy, QNetworkProxy.ProxyType.DefaultProxy)
    return "" if proxy.type() in none else f"{proxy.hostName()}:{proxy.port()}"


def test_the_rules_say_what_qgis_says(proxied: QgsSettings) -> None:
    use(
        proxied, proxyEnabled=True, proxyType="HttpProxy", proxyHost="127.0.0.1", proxyPort="3128",
        noProxyUrls=["http://inside.example"], proxyExcludedUrls=["http://system.example"],
    )  # fmt: skip
    rules = proxy_rules()
    for url in URLS:
        ours = rules(url).get("http", "").split("@")[-1].replace("http://", "")
        assert ours == as_qgis_says(url), url
    assert rules(URLS[0]) == {"http": "http://127.0.0.1:3128", "https": "http://127.0.0.1:3128"}
    assert rules(URLS[1]) == {}


def test_user_and_password_go_along_and_socks_asks_the_proxy_for_names(proxied: QgsSettings) -> None:
    use(
        proxied, proxyEnabled=True, proxyType="Socks5Proxy", proxyHost="127.0.0.1", proxyPort="1080",
        proxyUser="me@work", proxyPassword="p:w/d",
    )  # fmt: skip
    assert proxy_rules()(URLS[0])["https"] == "socks5h://me%40work:p%3Aw%2Fd@127.0.0.1:1080"


def test_without_a_proxy_in_qgis_the_systems_is_used(proxied: QgsSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    use(proxied, proxyEnabled=False)
    assert proxy_rules()(URLS[0]) == {}
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:8888")
    assert proxy_rules()("http://example.org/")["http"] == "http://127.0.0.1:8888"


def test_requests_really_go_through_the_proxy(proxied: QgsSettings) -> None:
    with Standin() as standin:
        port = standin.url.rsplit(":", 1)[1]
        use(proxied, proxyEnabled=True, proxyType="HttpProxy", proxyHost="127.0.0.1", proxyPort=port)
        beyond = Http("http://localhost:9", {}, network())
        with pytest.raises(Exception, match=r"localhost:9"):
            beyond.get("http://localhost:9/services/api/v1.x/layers/", tries=1)
        assert any("localhost:9" in (request.header("Host") or "") for request in standin.requests())


def test_an_authority_added_in_qgis_is_trusted(qgis_app: QgsApplication) -> None:
    with Standin(tls=True) as standin:
        url = f"{standin.url}/services/api/v1.x/layers/"
        with pytest.raises(TransientError, match="not trusted") as refusal:
            Http(standin.url, {}, Network(certificates=network().certificates)).get(url)
        assert "Manage Certificates" in refusal.value.advice
        manager = qgis_app.authManager()
        assert manager.setMasterPassword("test", True)
        certificate = QSslCertificate.fromPath(str(standin.certificate))[0]
        assert manager.storeCertAuthority(certificate)
        manager.rebuildCaCertsCache()
        manager.rebuildTrustedCaCertsCache()
        try:
            bundle = network().certificates
            assert Path(str(bundle)).read_bytes().count(b"BEGIN CERTIFICATE") > 1
            answer = Http(standin.url, {"Authorization": f"key {standin.key}"}, network()).get(url)
            assert answer.status == 200
        finally:
            manager.removeCertAuthority(certificate)
            manager.rebuildCaCertsCache()
            manager.rebuildTrustedCaCertsCache()
