"""Serves the odd portals on loopback, each with a port of its own, and writes their agencies.yaml."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tests.crawler.serving import Answer, Site, html
from tests.odd.catalogue import Odd
from tests.odd.certificates import Certificates

NETWORK = Path(__file__).with_name("network")
INSIDE = ("169.254.169.254", "10.0.0.1")
"""Private addresses beyond loopback at which the trap listens, by way of the play network."""


@dataclass(frozen=True)
class Place:
    """What the pages of a portal need to know: their own address, and one that must never be asked for."""

    url: str
    trap: str
    port: int


Pages = dict[str, Answer]
Portal = Callable[[Place], Pages]


class Site6(Site):
    address_family = socket.AF_INET6
    listens_on = "::1"


@dataclass
class Served:
    """A portal that is served. `start` is its address."""

    odd: Odd
    site: Site
    start: str
    trap: Site

    def asked(self, beginning: str) -> int:
        return sum(path.startswith(beginning) for _, path in self.site.asked)

    @property
    def trapped(self) -> list[str]:
        """What was asked of the trap on this portal's account."""
        return [path for _, path in self.trap.asked if path.startswith(f"/{self.odd.id}")]

    def entry(self) -> dict[str, object]:
        """The portal's entry in agencies.yaml."""
        return {
            "id": self.odd.id,
            "names": {"fa": f"درگاه {self.odd.id}", "en": self.odd.what},
            "kind": "odd",
            "start": self.start,
            **({} if self.odd.name else {"allow_private": True}),
            **{
                key: [h.replace("PORT", str(self.site.port)) for h in value] if key == "hosts" else value
                for key, value in self.odd.portal.items()
            },
        }


@contextmanager
def serve(odds: Iterable[Odd], folder: Path) -> Iterator[dict[str, Served]]:
    """Serves the portals until the end of the block. `folder` gets ``agencies.yaml``, ``ca.pem`` and
    ``network.json`` (see network/sitecustomize.py)."""
    from tests.odd.portals import PORTALS

    folder.mkdir(parents=True, exist_ok=True)
    certificates = Certificates()
    (folder / "ca.pem").write_bytes(certificates.authority)
    with ExitStack() as stack:
        trap = stack.enter_context(_running(Site({"*": html("<h1>trap</h1>")})))
        served: dict[str, Served] = {}
        for odd in odds:
            context = certificates.context(odd.id)
            site = stack.enter_context(_running(_site(odd, context)))
            scheme = "https" if context else "http"
            host = odd.name or ("[::1]" if isinstance(site, Site6) else "127.0.0.1")
            start = f"{scheme}://{host}:{site.port}"
            place = Place(start, f"http://127.0.0.1:{trap.port}/{odd.id}", site.port)
            site.answers.update(PORTALS[odd.id](place))
            served[odd.id] = Served(odd, site, f"{start}/", trap)
        _write(folder, served, trap.port)
        yield served


def _site(odd: Odd, context: ssl.SSLContext | None) -> Site:
    return Site6({}, context) if odd.id == "ipv6-only" else Site({}, context)


@contextmanager
def _running(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()


def _write(folder: Path, served: dict[str, Served], trap: int) -> None:
    names: dict[str, list[list[str]]] = {}
    for item in served.values():
        odd = item.odd
        own = [odd.name, f"www.{odd.name}", f"sub.{odd.name}"] if odd.name else []
        names |= {name: [["192.52.193.7"]] for name in own}
        if odd.addresses:
            listed = [host.split(":")[0] for host in odd.portal.get("hosts", ())]
            names[(listed or own)[0]] = [list(addresses) for addresses in odd.addresses]
    network = {"names": names, "routes": dict.fromkeys(INSIDE, trap)}
    (folder / "network.json").write_text(json.dumps(network))
    agencies = {
        "schema": 1,
        "id": "odd",
        "province": {"fa": "درگاه‌های عجیب", "en": "Odd portals"},
        "contact": "mailto:audit@example.org",
        "kinds": {"odd": {"fa": "عجیب", "en": "odd"}},
        "defaults": {"budget": {"delay_seconds": 0, "minutes": 2}},
        "agencies": [item.entry() for item in served.values()],
    }
    with (folder / "agencies.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(agencies, file)
