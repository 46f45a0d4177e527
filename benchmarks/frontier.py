"""How much of a portal's evidence a small visit finds: best first, and breadth first beside it.

Run with ``python -m benchmarks.frontier [FOLDER] [--json]``. Each portal of the demo province, and each saved
portal of FOLDER, is visited three times: whole, and twice with a budget of 40 pages, once in the frontier's
own order and once breadth-first. The evidence of a visit are the indicators that it answers with something
other than "no", and the pages on which their evidence stands. No figure depends on the clock.

FOLDER holds ``labels/<name>.yaml`` with ``site`` (a folder beside ``labels``) and ``start`` (a file in it).
Saved portals are served on loopback, and nothing that they name elsewhere is asked for.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from crawler.capture import Capture
from crawler.portal import Portal
from crawler.scope import identity
from dargah.agencies import load_agencies
from demo.province import Province
from indicators.detector import run_detectors
from indicators.interests import crawl_interests
from indicators.load import load_site
from indicators.model import load_model

TARGET = 0.9
MODEL = "un_five_stage"
ORDERS = ("best_first", "breadth_first")
NO = (None, "no", "none")


@dataclass(frozen=True)
class Found:
    """What one visit found: ids of indicators, and the pages (identities) that carry their evidence."""

    pages: int
    indicators: frozenset[str]
    places: frozenset[str]
    visited: frozenset[str]


@dataclass(frozen=True)
class Share:
    """What a small visit found of a whole one. `missed` are the indicators that it did not."""

    portal: str
    order: str
    pages: int
    of_pages: int
    indicators: float
    evidence_pages: float
    missed: tuple[str, ...]


def visit_portal(portal: Portal, folder: Path, base: Path, *, best_first: bool) -> Found:
    """Visits and judges; call it in a process of its own."""
    from crawler.visit import visit

    visit(
        portal,
        folder,
        user_agent_contact="mailto:benchmark@localhost",
        base_folder=base,
        interests=crawl_interests() if best_first else None,
    )
    with Capture(folder) as capture:
        findings = run_detectors(load_site(capture, None), load_model(MODEL))
        positive = [f for f in findings if f.answer not in NO or f.suggests]
        visited = {_place(u) for page in capture.pages for u in (page.url, page.final_url)}
        return Found(
            pages=len(capture.pages),
            indicators=frozenset(f.indicator for f in positive),
            places=frozenset(_place(e.url) for f in positive for e in f.evidence) & visited,
            visited=frozenset(visited),
        )


def _place(url: str) -> str:
    """The page, whatever port its portal happened to be served on."""
    return identity(url).partition("/")[2]


def compare(portal: str, order: str, small: Found, whole: Found) -> Share:
    return Share(
        portal,
        order,
        small.pages,
        whole.pages,
        len(small.indicators & whole.indicators) / max(len(whole.indicators), 1),
        len(small.visited & whole.places) / max(len(whole.places), 1),
        tuple(sorted(whole.indicators - small.indicators)),
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def copyfile(self, *args: Any) -> None:
        with suppress(ConnectionError):  # a visit takes only the head of some files
            super().copyfile(*args)


@contextmanager
def saved_portals(folder: Path | None) -> Iterator[list[Portal]]:
    """Serves the saved portals of the folder, one server each."""
    servers, portals = [], []
    for file in sorted((folder / "labels").glob("*.yaml")) if folder else ():
        label = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        handler = partial(_Quiet, directory=str(file.parents[1] / label["site"]))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        entry = {
            "id": file.stem,
            "names": {"fa": file.stem, "en": file.stem},
            "kind": "saved",
            "start": f"http://127.0.0.1:{server.server_address[1]}/{label['start']}",
            "archived": True,
            "confined": True,
            "allow_private": True,
        }
        portals.append(Portal.model_validate(entry))
    try:
        yield portals
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def measure(
    folder: Path | None, only: Sequence[str], *, pages: int, whole: int, jobs: int, keep: Path
) -> list[Share]:
    with Province(ports="free") as province, saved_portals(folder) as saved:
        listed = load_agencies(province.agencies_file(keep)).agencies
        portals = [p for p in (*listed, *saved) if not only or p.id in only]
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as pool:
            running = {
                (portal.id, order): pool.submit(
                    visit_portal,
                    _with_budget(portal, whole if order == "whole" else pages),
                    keep / portal.id / order,
                    keep,
                    best_first=order != "breadth_first",
                )
                for portal in portals
                for order in ("whole", *ORDERS)
            }
            found = {key: future.result() for key, future in running.items()}
    return [
        compare(portal.id, order, found[portal.id, order], found[portal.id, "whole"])
        for portal in portals
        for order in ORDERS
    ]


def _with_budget(portal: Portal, pages: int) -> Portal:
    budget = {"pages": pages, "requests": 100_000, "minutes": 60, "delay_seconds": 0}
    return portal.model_copy(update={"budget": portal.budget.model_copy(update=budget)})


def mean(shares: Sequence[Share], order: str, field: str) -> float:
    values = [getattr(share, field) for share in shares if share.order == order]
    return sum(values) / max(len(values), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="folder of saved portals")
    parser.add_argument("--only", action="append", default=[], metavar="ID")
    parser.add_argument("--pages", type=int, default=40, help="budget of the small visits")
    parser.add_argument("--whole", type=int, default=300, help="budget of the whole visit")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep the captures in this folder, and use what is there")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keep = args.keep or Path(scratch)
        keep.mkdir(parents=True, exist_ok=True)
        shares = measure(
            args.folder, args.only, pages=args.pages, whole=args.whole, jobs=args.jobs, keep=keep
        )
    means = {
        order: {field: round(mean(shares, order, field), 3) for field in ("indicators", "evidence_pages")}
        for order in ORDERS
    }
    reached = means["best_first"]["indicators"] >= TARGET
    if args.json:
        said = {"target": TARGET, "reached": reached, "mean": means, "portals": [asdict(s) for s in shares]}
        print(json.dumps(said, indent=1))
    else:
        print(f"{'portal':20} {'order':14} {'pages':>9}  indicators  evidence pages  missed")
        for share in shares:
            print(
                f"{share.portal:20} {share.order:14} {share.pages:>4}/{share.of_pages:<4}"
                f" {share.indicators:10.0%} {share.evidence_pages:15.0%}  {', '.join(share.missed)}"
            )
        for order, shown in means.items():
            print(f"{'mean':20} {order:24} {shown['indicators']:10.1%} {shown['evidence_pages']:15.1%}")
        print(f"target {TARGET:.0%} of the indicators' evidence: {'reached' if reached else 'not reached'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
