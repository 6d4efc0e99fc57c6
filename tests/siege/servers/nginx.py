"""nginx: a file server with limits. https://nginx.org/en/docs/"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.siege.servers.process import HOST, free_port, program, running

CONFIG = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    default_type application/octet-stream;
    limit_conn_zone $binary_remote_addr zone=one:1m; limit_conn_status 503;
    limit_req_zone $binary_remote_addr zone=few:1m rate=20r/s; limit_req_status 429;
    server {{
        listen {host}:{port};
        root {folder}/files;
        location /slow/ {{ alias {folder}/files/; limit_rate 2m; }}
        location /whole/ {{ alias {folder}/files/; max_ranges 0; }}
        location /one/ {{ alias {folder}/files/; limit_conn one 1; limit_rate 2m; }}
        location /few/ {{ alias {folder}/files/; limit_req zone=few; }}
        location /packed/ {{ alias {folder}/files/; gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any; }}
    }}
    server {{
        listen {host}:{tls} ssl;
        ssl_certificate {certificate}; ssl_certificate_key {certificate};
        root {folder}/files;
        location /down {{ return 302 http://{host}:{port}/a; }}
    }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    """url: plain; secure: with TLS. files: the folder that is served."""

    url: str
    secure: str
    files: Path


@contextmanager
def nginx(folder: Path, certificate: str) -> Iterator[Nginx]:
    binary, port, tls = program("nginx", "nginx/usr/sbin/nginx", "nginx"), free_port(), free_port()
    (folder / "files").mkdir()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, host=HOST, port=port, tls=tls, certificate=certificate))
    command = [binary, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    with running(command, port, folder / "nginx.log"):
        yield Nginx(f"http://{HOST}:{port}", f"https://{HOST}:{tls}", folder / "files")
