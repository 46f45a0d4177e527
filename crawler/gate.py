"""The one door through which a browser reaches the network: a SOCKS5 proxy on loopback that decides.

A guard inside the browser sees neither redirects nor what a name resolves to when the connection is made;
here every connection passes, of whatever kind (pages, scripts, workers, web sockets), the name is
resolved once, judged, and the address that was judged is the one that is connected to.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import struct
from collections.abc import Awaitable, Callable, Collection
from types import TracebackType
from typing import Self

from crawler.addresses import is_private_address

Resolve = Callable[[str, int], Awaitable[list[str]]]

HOUSEKEEPING = frozenset(
    (
        "accounts.google.com",
        "android.clients.google.com",
        "clients2.google.com",
        "content-autofill.googleapis.com",
        "edgedl.me.gvt1.com",
        "optimizationguide-pa.googleapis.com",
        "redirector.gvt1.com",
        "safebrowsing.googleapis.com",
        "update.googleapis.com",
    )
)
"""Hosts that Chromium itself calls, whatever its flags say; no business of the portal that is looked at."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_CONNECT_SECONDS = 10.0
_MAX_NOTES = 1_000
_BUFFER = 65_536
_CLOSED = "connection refused"
_SUCCEEDED, _NOT_ALLOWED, _UNREACHABLE, _REFUSED, _NOT_SUPPORTED = 0, 2, 4, 5, 7


class NotConnectedError(Exception):
    """There is no connection; `reason` says why, `closed` is true where somebody is there and does not
    listen."""

    def __init__(self, reason: str, reply: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply
        self.closed = reason == _CLOSED


def host_listed(host: str, port: int, hosts: Collection[str]) -> bool:
    """True if `hosts` holds the host, as ``name`` (any port) or ``name:port``."""
    host = host.strip("[]").lower()
    spelling = f"[{host}]" if ":" in host else host
    return any(item.lower() in (host, spelling, f"{spelling}:{port}") for item in hosts)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, IPv4 first, without repeats. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda item: item[0] != socket.AF_INET)
    return list(dict.fromkeys(str(item[4][0]) for item in ordered))


class Gate:
    """Lets connections through to `hosts` (None: to anywhere) and, unless `allow_private`, only to public
    addresses or to `private_hosts` (as in `host_listed`).

    `refused` and `failed` map (host, port) to the reason, for the first thousand of each."""

    def __init__(
        self,
        *,
        hosts: Collection[str] | None = None,
        allow_private: bool = False,
        private_hosts: Collection[str] = (),
        resolver: Resolve = resolve,
    ) -> None:
        self.hosts = None if hosts is None else frozenset(hosts)
        self.allow_private = allow_private
        self.private_hosts = frozenset(private_hosts)
        self.refused: dict[tuple[str, int], str] = {}
        self.failed: dict[tuple[str, int], str] = {}
        self._resolve = resolver
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def proxy(self) -> str:
        """Address of the proxy, as Chromium's ``--proxy-server`` takes it."""
        if self._server is None:
            raise RuntimeError("the gate is not open")
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        # A connection cut short on either side is everyday business of a browser, not an error.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        _, command, _, kind = await reader.readexactly(4)
        if kind == 1:
            host = str(ipaddress.IPv4Address(await reader.readexactly(4)))
        elif kind == 4:
            host = str(ipaddress.IPv6Address(await reader.readexactly(16)))
        else:
            length = (await reader.readexactly(1))[0]
            host = (await reader.readexactly(length)).decode("ascii", "replace").lower()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        if command != 1:
            self._reply(writer, _NOT_SUPPORTED)
            return
        try:
            far_reader, far_writer = await self.connect(host, port)
        except NotConnectedError as error:
            self._reply(writer, error.reply)
            await writer.drain()
            return
        try:
            self._reply(writer, _SUCCEEDED)
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        finally:
            far_writer.close()

    async def connect(self, host: str, port: int) -> Connection:
        """A connection to an address that was judged; whoever asks needs no proxy for it, and no open gate.
        Raises NotConnectedError."""
        if host in HOUSEKEEPING:
            raise self._note(self.refused, host, port, "the browser's own errand", _NOT_ALLOWED)
        if self.hosts is not None and not host_listed(host, port, self.hosts):
            raise self._note(self.refused, host, port, "host is not on the list", _NOT_ALLOWED)
        private = self.allow_private or host_listed(host, port, self.private_hosts)
        if not private and is_private_address(host):
            raise self._note(self.refused, host, port, "private address", _NOT_ALLOWED)
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError):
            raise self._note(self.failed, host, port, "name not resolved", _UNREACHABLE) from None
        if not private:
            addresses = [address for address in addresses if not is_private_address(address)]
            if not addresses:
                raise self._note(self.refused, host, port, "name leads to a private address", _NOT_ALLOWED)
        reason = "name not resolved"
        for address in addresses:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    connection = await asyncio.open_connection(address, port)
            except TimeoutError:
                reason = "connection timed out"
            except ConnectionRefusedError:
                reason = _CLOSED
            except OSError as error:
                reason = f"no connection: {error.strerror or error}"
            else:
                self.failed.pop((host, port), None)
                return connection
        raise self._note(self.failed, host, port, reason, _REFUSED)

    @staticmethod
    def _note(
        notes: dict[tuple[str, int], str], host: str, port: int, reason: str, reply: int
    ) -> NotConnectedError:
        if len(notes) < _MAX_NOTES:
            notes[host, port] = reason
        return NotConnectedError(reason, reply)

    @staticmethod
    def _reply(writer: asyncio.StreamWriter, code: int) -> None:
        writer.write(bytes((5, code, 0, 1, 0, 0, 0, 0, 0, 0)))


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_BUFFER):
        sink.write(chunk)
        await sink.drain()
    if sink.can_write_eof():
        sink.write_eof()
