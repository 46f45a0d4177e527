"""Serves the province's portals and their bank's payment gateway on loopback."""

from __future__ import annotations

import errno
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Literal

from flask import Flask
from ruamel.yaml import YAML
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from demo.authority import ensure_certificates

AGENCIES = Path(__file__).with_name("agencies.yaml")
GATEWAY = "gateway"


@dataclass(frozen=True)
class Service:
    """One address of the province. `port` is the one that agencies.yaml names."""

    id: str
    port: int
    scheme: Literal["http", "https"] = "http"


PORTALS = (
    Service("roads", 8601),
    Service("agriculture", 8602),
    Service("welfare", 8603),
    Service("water", 8604, "https"),
    Service("sports", 8605),
    Service("planning", 8606),
    Service(GATEWAY, 8609),
)


class ProvinceError(Exception):
    """The province cannot be served; the message says why and how to mend it."""


class Province:
    """The portals, served from entry to exit of a ``with`` block, each by a thread pool of its own.

    `ports`: "fixed" takes the ports of `PORTALS`, "free" any free ones. `without` names portals that are
    down: their addresses stay listed and refuse connections. `only` names the portals there are at all.
    `today` is the date that the portals' pages are written for.

    Raises ProvinceError where a port is taken or a name is unknown.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        ports: Literal["fixed", "free"] = "fixed",
        without: Collection[str] = (),
        today: date | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        known = {service.id for service in PORTALS}
        unknown = sorted((set(without) | set(only or ())) - known)
        if unknown:
            raise ProvinceError(
                f"no portal is called {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            )
        self._host = host
        self._fixed = ports == "fixed"
        self._without = frozenset(without)
        self._today = today or date.today()
        self.services = tuple(s for s in PORTALS if only is None or s.id in only)
        self._sockets: dict[str, socket.socket] = {}
        self._servers: list[tuple[BaseWSGIServer, threading.Thread]] = []

    def __enter__(self) -> Province:
        try:
            # All ports are held before any portal is built: portals are told where the gateway is.
            for service in self.services:
                self._sockets[service.id] = self._hold(service)
            for service in self.services:
                if service.id not in self._without:
                    self._serve(service)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and give the ports back."""
        for server, thread in self._servers:
            server.shutdown()
            thread.join()
            server.server_close()
        for held in self._sockets.values():
            held.close()
        self._servers.clear()
        self._sockets.clear()

    def url(self, service_id: str) -> str:
        """Address of a portal's root, without a slash at its end."""
        service = next(s for s in PORTALS if s.id == service_id)
        held = self._sockets.get(service_id)
        port = held.getsockname()[1] if held else service.port
        return f"{service.scheme}://{self._host}:{port}"

    def serving(self, service_id: str) -> bool:
        """Whether the portal answers."""
        return service_id in self._sockets and service_id not in self._without

    @property
    def ca_pem(self) -> Path:
        """Certificate of the private authority behind the https portals."""
        return ensure_certificates()[0]

    def agencies_file(self, folder: Path) -> Path:
        """Write ``agencies.yaml`` with the addresses in use, and the authority's certificate, to `folder`."""
        yaml = YAML()
        content = yaml.load(AGENCIES.read_text(encoding="utf-8"))
        ids = {service.id for service in self.services}
        content["agencies"] = [entry for entry in content["agencies"] if entry["id"] in ids]
        for entry in content["agencies"]:
            entry["start"] = f"{self.url(entry['id'])}/"
            if "certificate_authority" in entry:
                shutil.copyfile(self.ca_pem, folder / "ca.pem")
                entry["certificate_authority"] = "ca.pem"
        file = folder / "agencies.yaml"
        with file.open("w", encoding="utf-8") as stream:
            yaml.dump(content, stream)
        return file

    def _hold(self, service: Service) -> socket.socket:
        """Bind, without listening: a portal that is down refuses connections and keeps its port."""
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((self._host, service.port if self._fixed else 0))
            if service.id not in self._without:
                held.listen(128)
        except OSError as error:
            held.close()
            if error.errno != errno.EADDRINUSE:
                raise
            raise ProvinceError(
                f"port {service.port} of {self._host}, where the portal '{service.id}' belongs, is taken; "
                f"stop the program that listens there (perhaps another `python -m demo serve`), "
                f"or leave the portal out with `--without {service.id}`"
            ) from error
        return held

    def _serve(self, service: Service) -> None:
        server = make_server(
            self._host,
            port=0,
            app=self._app(service),
            threaded=True,
            request_handler=_Handler,
            fd=self._sockets[service.id].fileno(),
        )
        if service.scheme == "https":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(ensure_certificates()[1])
            # The handshake belongs to the connection's own thread: a silent client must not block the others.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            server.ssl_context = context
        thread = threading.Thread(
            target=server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name=f"demo-{service.id}",
            daemon=True,
        )
        thread.start()
        self._servers.append((server, thread))

    def _app(self, service: Service) -> Flask:
        create: Callable[..., Flask]
        if service.id == GATEWAY:
            create = import_module("demo.gateway").create_app
            return create()
        create = import_module(f"demo.portals.{service.id}").create_app
        return create(today=self._today, gateway=self.url(GATEWAY))


class _Handler(WSGIRequestHandler):
    """Quiet, and no more talkative about its software than a well-kept server.

    Each connection ends with its answer: Werkzeug's handler can't keep one open.
    """

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a silent connection is kept

    def version_string(self) -> str:
        return "nginx"

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            super().log(type, message, *args)

    def log_error(self, format: str, *args: object) -> None:
        """Silent connections and clients that reject the certificate are everyday matters."""
