"""One harmless look at each host of a portal: its certificate, its protocols, its answer to ``/``.

At most five connections to a host, each as any browser makes it: one over TLS that also asks for ``/``, one
for each other version of TLS (the handshake alone), one over plain HTTP that asks for ``/``. Nothing else is
ever asked for; redirects are not followed.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

from audits.records import Answered, Certificate, HostSecurity, TlsVersion
from audits.tls import VERSIONS, TlsClient, TlsError
from crawler.gate import Connection, Gate, NotConnectedError
from crawler.portal import Portal
from crawler.scope import DEFAULT_PORTS, Scope, host_of, twins

SECONDS = 15.0
"""For each connection, from opening it to what is wanted of it."""

HEAD_BYTES = 65_536
"""Of an answer's status line and headers."""

MAX_HOSTS = 3

NO_ADDRESS = "the portal's address names a port; there is no other that belongs to it"

T = TypeVar("T")


class Knock(NamedTuple):
    """A host to look at. A port is None where no address is known under that scheme."""

    host: str
    https_port: int | None
    http_port: int | None

    def url(self, scheme: str) -> str:
        port = self.https_port if scheme == "https" else self.http_port
        name = f"[{self.host}]" if ":" in self.host else self.host
        return (
            f"{scheme}://{name}/" if port in (None, DEFAULT_PORTS[scheme]) else f"{scheme}://{name}:{port}/"
        )

    @property
    def name(self) -> str:
        """``name`` or ``name:port``, as a Capture calls the host."""
        return host_of(self.url("https" if self.https_port else "http"))


def knocks(portal: Portal, home: str) -> list[Knock]:
    """The hosts to look at, at most three: the start's, its twin with or without ``www.``, and that of the
    home page, where the visit ended up. An address with a port of its own has no other scheme beside it."""
    scope = Scope(portal)
    found: dict[str, Knock] = {}
    for url in (portal.start, home):
        if not scope.contains(url):
            continue
        for host in twins(host_of(url)):
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port
            scheme = urlsplit(url).scheme
            knock = Knock(
                name, *((443, 80) if port is None else (port, None) if scheme == "https" else (None, port))
            )
            found.setdefault(knock.name, knock)
    return list(found.values())[:MAX_HOSTS]


async def look(
    knock: Knock, gate: Gate, *, user_agent: str, authority: Path | None = None, seconds: float = SECONDS
) -> HostSecurity:
    """Looks at one host through the rules of `gate`. What fails is named in the record; raises nothing.
    `authority` (PEM) is trusted beside the system's."""
    return await _Look(knock, gate, user_agent, authority, seconds).run()


class _Stream(Protocol):
    async def send(self, data: bytes) -> None: ...

    async def receive(self) -> bytes: ...


class _Plain:
    """A connection without TLS, as `TlsClient` behaves."""

    def __init__(self, connection: Connection) -> None:
        self.received = 0
        self._reader, self._writer = connection

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def receive(self) -> bytes:
        data = await self._reader.read(16_384)
        self.received += len(data)
        return data


class _NoHttpError(Exception):
    pass


class _Look:
    def __init__(
        self, knock: Knock, gate: Gate, user_agent: str, authority: Path | None, seconds: float
    ) -> None:
        self.knock, self.gate, self.authority, self.seconds = knock, gate, authority, seconds
        self.user_agent = user_agent
        self.connections = self.bytes = 0
        self.certificate: Certificate | None = None
        self.protocols: dict[TlsVersion, bool | None] = {}

    async def run(self) -> HostSecurity:
        at, began = datetime.now(UTC), time.monotonic()
        https = await self._answer("https", self.knock.https_port, self._over_tls)
        for version in VERSIONS if self.protocols else ():
            if version not in self.protocols:
                self.protocols[version] = await self._accepts(version)
        return HostSecurity(
            host=self.knock.name,
            https=https,
            http=await self._answer("http", self.knock.http_port, self._in_plain),
            certificate=self.certificate,
            protocols={version: self.protocols[version] for version in VERSIONS if version in self.protocols},
            connections=self.connections,
            bytes=self.bytes,
            seconds=round(time.monotonic() - began, 3),
            looked_at=at,
        )

    async def _answer(
        self, scheme: str, port: int | None, ask: Callable[[Connection], Awaitable[Answered]]
    ) -> Answered:
        url = self.knock.url(scheme)
        if port is None:
            return Answered(url=url, state="unknown", reason=NO_ADDRESS)
        try:
            return await self._connected(port, ask)
        except NotConnectedError as error:
            return Answered(url=url, state="absent" if error.closed else "unknown", reason=error.reason)
        except TimeoutError:
            return Answered(url=url, state="unknown", reason=f"no answer within {self.seconds:g} seconds")
        except TlsError as error:
            state: Literal["absent", "unknown"] = "absent" if error.kind == "refused" else "unknown"
            return Answered(url=url, state=state, reason=error.reason)
        except _NoHttpError as error:
            return Answered(url=url, state="unknown", reason=str(error))
        except OSError:
            return Answered(url=url, state="unknown", reason="the connection broke")

    async def _over_tls(self, connection: Connection) -> Answered:
        url = self.knock.url("https")
        client = TlsClient(connection, self.knock.host, authority=self.authority)
        try:
            shown = await client.handshake()
            self.certificate = shown.certificate
            self.protocols = {shown.version: True}
            try:
                return await self._head(url, client)
            except TlsError as error:
                raise _NoHttpError(error.reason) from None
        finally:
            self.bytes += client.received

    async def _in_plain(self, connection: Connection) -> Answered:
        stream = _Plain(connection)
        try:
            return await self._head(self.knock.url("http"), stream)
        finally:
            self.bytes += stream.received

    async def _accepts(self, version: TlsVersion) -> bool | None:
        """Whether the host completes a handshake of this version; None if that cannot be told."""

        async def ask(connection: Connection) -> None:
            client = TlsClient(connection, self.knock.host, only=version)
            try:
                await client.handshake()
            finally:
                self.bytes += client.received

        try:
            await self._connected(self.knock.https_port or 0, ask)
        except (NotConnectedError, TimeoutError):
            return None
        except TlsError as error:
            return None if error.kind == "ours" else False
        except OSError:  # cut off in the middle: this host's way to refuse, as it has just talked to us
            return False
        return True

    async def _connected(self, port: int, ask: Callable[[Connection], Awaitable[T]]) -> T:
        async with asyncio.timeout(self.seconds):
            connection = await self.gate.connect(self.knock.host, port)
            self.connections += 1
            try:
                return await ask(connection)
            finally:
                connection[1].transport.abort()

    async def _head(self, url: str, stream: _Stream) -> Answered:
        """Asks for ``/`` and reads the status and the headers; the body is left where it is."""
        await stream.send(
            f"GET / HTTP/1.1\r\nHost: {host_of(url)}\r\nUser-Agent: {self.user_agent}\r\n"
            "Accept: text/html,*/*;q=0.8\r\nConnection: close\r\n\r\n".encode("latin-1", "replace")
        )
        head = b""
        while b"\r\n\r\n" not in head and b"\n\n" not in head:
            if len(head) > HEAD_BYTES:
                raise _NoHttpError(f"more than {HEAD_BYTES // 1024} KiB of headers")
            piece = await stream.receive()
            if not piece:
                break
            head += piece
        line, _, rest = head.partition(b"\n")
        words = line.decode("latin-1").split(None, 2)
        if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
            raise _NoHttpError("the answer is no HTTP" if head else "the connection broke")
        try:
            parsed = http.client.parse_headers(io.BytesIO(rest))
        except http.client.HTTPException as error:
            raise _NoHttpError("the answer is no HTTP") from error
        headers = tuple(
            (str(name), " ".join(str(value).split()))
            for name, value in parsed.items()
            if name.lower() != "set-cookie"  # the visit's are judged; of this one nothing need be kept
        )
        return Answered(url=url, state="answered", status=int(words[1]), headers=headers)
