"""QGIS's proxy and certificates as values for core.http, which worker threads can use without touching QGIS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from qgis.core import Qgis, QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from ..core.http import Network

SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
}


@dataclass(frozen=True)
class ProxyRules:
    """The person's proxy settings, read once on the main thread.

    proxy: the proxy's URL, empty for none, None for "as the system says". direct, system: beginnings of URLs that
    are reached without a proxy, and as the system says. The order of the rules is QGIS's own (qgsnetworkaccessmanager).
    """

    proxy: str | None = field(repr=False)  # with the proxy's password
    direct: tuple[str, ...] = ()
    system: tuple[str, ...] = ()

    def __call__(self, url: str) -> Mapping[str, str]:
        if url.startswith(self.direct):
            return {}
        proxy = self.proxy
        if proxy is None or url.startswith(self.system):
            proxy = _system_proxy(url)
        return {"http": proxy, "https": proxy} if proxy else {}


def network(pause: Callable[[float], None] | None = None, allow_http: bool = False) -> Network:
    """How QGIS reaches the outside, as a value. Call it on the main thread."""
    known = {"pause": pause} if pause else {}
    return Network(
        proxies=proxy_rules(),
        certificates=certificates(),
        allow_http=allow_http,
        agent=f"Cutout QGIS/{Qgis.QGIS_VERSION_INT}",
        **known,
    )


def proxy_rules() -> ProxyRules:
    access = QgsNetworkAccessManager.instance()
    fallback = access.fallbackProxy()
    follows_system = access.useSystemProxy() or fallback.type() == QNetworkProxy.ProxyType.DefaultProxy
    return ProxyRules(
        proxy=None if follows_system else _proxy_url(fallback),
        direct=tuple(filter(None, (entry.strip() for entry in access.noProxyList()))),
        system=tuple(filter(None, (entry.strip() for entry in access.excludeList()))),
    )


def certificates() -> str | bool:
    """A PEM bundle with the authorities that QGIS trusts: the system's and those the person added.

    Written anew when they changed; requests takes a file only.
    """
    pem = bytes(QgsApplication.authManager().trustedCaCertsPemText())
    if not pem.strip():
        return True
    path = Path(QgsApplication.qgisSettingsDirPath()) / "cutout" / "certificates.pem"
    if not path.is_file() or path.read_bytes() != pem:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(pem)
        part.replace(path)
    return str(path)


def _system_proxy(url: str) -> str:
    """Static in Qt and free of QObjects, so it may be asked in any thread."""
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        if proxy.type() == QNetworkProxy.ProxyType.NoProxy:
            return ""
        if proxy.type() in SCHEMES:
            return _proxy_url(proxy)
    return ""


def _proxy_url(proxy: QNetworkProxy) -> str:
    scheme = SCHEMES.get(proxy.type())
    if not scheme or not proxy.hostName():
        return ""
    user = f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@" if proxy.user() else ""
    return f"{scheme}://{user}{proxy.hostName()}:{proxy.port()}"
