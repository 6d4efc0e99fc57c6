"""A file server that is no bottleneck: `serving`, for measures.

The stand-in's own storage is Flask on threads: at many files or at a GiB it would be what is measured. This one waits
and sends in one event loop, by sendfile(2) where no rate is given. It serves ranges with a strong ETag as object
storages do, and keeps connections alive. How many bytes have arrived at the other side it tells at /arrived.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import ROOT

HOST = "127.0.0.1"
STEP = 32 * 1024  # bytes between two waits where there is a rate
RESET = struct.pack("ii", 1, 0)  # to linger for no time: what is on its way is dropped
ASKED = re.compile(rb"^range: bytes=(\d+)-(\d*)\s*$", re.IGNORECASE | re.MULTILINE)


@contextmanager
def serving(folder: Path, latency: float = 0.0, rate: float = 0.0, cut: int = 0) -> Iterator[str]:
    """Its address, for a block. latency: seconds before each answer. rate: bytes a second of a connection. cut: bytes
    after which the connection that brings them is reset, again and again. 0: none of it."""
    command = [sys.executable, "-m", "tests.bench.storage", str(folder), str(latency), str(rate), str(cut)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            yield f"http://{HOST}:{int((process.stdout or sys.stdin.buffer).readline())}"
        finally:
            process.terminate()


class Storage:
    def __init__(self, folder: Path, latency: float, rate: float, cut: int) -> None:
        self._folder, self._latency, self._rate, self._cut = folder, latency, rate, cut
        self._sent = self._lost = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(self._latency)
                path = head.split(b" ", 2)[1].decode().lstrip("/")
                if path == "arrived":
                    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%d" % (self._sent - self._lost))
                    break
                await self._answer(self._folder / path, ASKED.search(head), writer)
        writer.close()

    async def _answer(self, path: Path, asked: re.Match[bytes] | None, writer: asyncio.StreamWriter) -> None:
        size = path.stat().st_size
        start, end = (int(asked[1]), int(asked[2] or size - 1) + 1) if asked else (0, size)
        part = f"Content-Range: bytes {start}-{end - 1}/{size}\r\n" if asked else ""
        said = f'Content-Length: {end - start}\r\nETag: "{size}"\r\nAccept-Ranges: bytes\r\n{part}'
        kind = "Content-Type: application/octet-stream\r\n\r\n"
        writer.write(f"HTTP/1.1 {'206 Partial Content' if asked else '200 OK'}\r\n{said}{kind}".encode())
        await writer.drain()
        with path.open("rb") as file:
            if self._rate or self._cut:
                await self._in_steps(file.fileno(), start, end, writer)
            elif end > start:
                await asyncio.get_running_loop().sendfile(writer.transport, file, start, end - start)

    async def _in_steps(self, file: int, start: int, end: int, writer: asyncio.StreamWriter) -> None:
        now = asyncio.get_running_loop().time
        began, at = now(), start
        while at < end:
            piece = os.pread(file, min(STEP, end - at), at)
            writer.write(piece)
            await writer.drain()
            at, before, self._sent = at + len(piece), self._sent, self._sent + len(piece)
            if self._cut and self._sent // self._cut > before // self._cut:
                line = writer.get_extra_info("socket")
                self._lost += writer.transport.get_write_buffer_size() + waiting(line)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
                raise ConnectionResetError
            if self._rate:
                await asyncio.sleep(max(0.0, began + (at - start) / self._rate - now()))


def waiting(line: socket.socket) -> int:
    """Bytes that this side still has since the other has not said that it got them: SIOCOUTQ of tcp(7)."""
    return int(struct.unpack("i", fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4)))[0])


async def serve(folder: str, latency: str, rate: str, cut: str) -> None:
    storage = Storage(Path(folder), float(latency), float(rate), int(cut))
    server = await asyncio.start_server(storage.talk, HOST, 0, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(*sys.argv[1:]))
