"""Holds what became of an odd portal against what must come of it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.capture import Capture, File, Page, Visit
from tests.odd.catalogue import Answered
from tests.odd.server import Served

BROWSER_REQUESTS = 8
"""What Chromium may ask for beyond the expected requests, where each start page is opened in it."""


def differences(served: Served, folder: Path, *, browser: bool) -> list[str]:
    """In plain words, what is not as it must be; empty if all is well. `browser` tells that the visit had
    one."""
    if not (folder / "capture.sqlite").is_file():
        return ["nothing was kept"]
    with Capture(folder) as capture:
        return [
            *_visit(served, capture, browser),
            *_contents(served, capture),
            *_asked(served),
            *_disk(folder),
        ]


def _visit(served: Served, capture: Capture, browser: bool) -> list[str]:
    expected, visit = served.odd.expected, capture.visit
    footprint = visit.footprint
    if footprint is None:
        return ["the visit did not come to its end"]
    found = []
    if visit.stopped_by != expected.stopped_by:
        found.append(f"stopped by '{visit.stopped_by}', not by '{expected.stopped_by}'")
    extra = BROWSER_REQUESTS if browser else 0
    for name, limit, taken in (
        ("requests", expected.requests + extra, footprint.requests),
        ("requests at the portal", expected.requests + extra, len(served.site.asked)),
        ("megabytes", expected.megabytes, footprint.bytes / 1e6),
        ("seconds", expected.seconds, footprint.seconds),
        ("pages", expected.page_count or 10**9, len(capture.pages)),
    ):
        if taken > limit:
            found.append(f"{taken:g} {name}, more than {limit:g}")
    if expected.robots is not None and (
        not capture.hosts or capture.hosts[0].robots_status != expected.robots
    ):
        found.append(f"robots.txt: {capture.hosts[0].robots_status if capture.hosts else 'not asked'}")
    return found


def _contents(served: Served, capture: Capture) -> list[str]:
    expected, found = served.odd.expected, []
    pages = {_path(served, page.url): page for page in reversed(capture.pages)}
    files = {_path(served, file.url): file for file in capture.files}
    # A visit whose budget was spent before the start page has no page, but an outcome.
    found += _held("start", expected.start, (*capture.pages, capture.visit)[0], capture)
    for path, answered in expected.pages.items():
        page = pages.get(path)
        found += _held(path, answered, page, capture) if page else [f"{path}: was not visited"]
    for path, answered in expected.files.items():
        file = files.get(path)
        found += _held(path, answered, file, capture) if file else [f"{path}: no such file was noted"]
    refused = {_path(served, refusal.url): refusal.reason for refusal in capture.refusals}
    for path, reason in expected.refused.items():
        if reason not in refused.get(path, "(not refused)"):
            found.append(f"{path}: {refused.get(path, 'not refused')}, not: {reason}")
    sitemaps = {_path(served, sitemap.url): sitemap for sitemap in capture.sitemaps}
    for path, reason in expected.sitemaps.items():
        sitemap = sitemaps.get(path)
        if sitemap is None or (reason not in sitemap.reason or (sitemap.reason and not reason)):
            found.append(f"{path}: {sitemap.reason if sitemap else 'not asked'}, not: {reason or 'read'}")
    found += [
        f"{page.url[:100]}: {page.outcome} without a reason"
        for page in (*capture.pages, *capture.files)
        if page.outcome != "ok" and not page.reason
    ]
    return found


def _held(path: str, answered: Answered, page: Page | File | Visit, capture: Capture) -> list[str]:
    outcomes = answered.outcome if isinstance(answered.outcome, tuple) else (answered.outcome,)
    found = []
    if page.outcome not in outcomes:
        return [f"{path}: {page.outcome} ({page.reason}), not {' or '.join(outcomes)}"]
    if answered.reason and answered.reason not in page.reason:
        found.append(f"{path}: the reason is «{page.reason}», not «{answered.reason}»")
    if isinstance(page, Visit):
        return found
    if isinstance(page, File):
        if answered.size is not None and page.size != answered.size:
            found.append(f"{path}: size {page.size}, not {answered.size}")
        return found
    if answered.final and urlsplit(page.final_url).path != answered.final:
        found.append(f"{path}: ends at {page.final_url}")
    if answered.mode and page.mode != answered.mode:
        found.append(f"{path}: {page.mode}")
    if answered.holds and answered.holds not in capture.html(page):
        found.append(f"{path}: «{answered.holds}» is not in what was kept")
    return found


def _asked(served: Served) -> list[str]:
    expected = served.odd.expected
    found = [f"the trap was asked for {path}" for path in served.trapped]
    found += [f"{beginning}… was asked for" for beginning in expected.never if served.asked(beginning)]
    for beginning, limit in expected.asked.items():
        if served.asked(beginning) > limit:
            found.append(f"{beginning}… was asked for {served.asked(beginning)} times, more than {limit}")
    if not expected.posts:
        found += [f"{method} {path}" for method, path in served.site.asked if method != "GET"]
    if strangers := {agent for agent in served.site.agents if "Dargah" not in agent}:
        found.append(f"asked without the project's name: {sorted(strangers)}")
    if any("audit@example.org" not in agent for agent in served.site.agents):
        found.append("asked without a contact address")
    return found


def _disk(folder: Path) -> list[str]:
    """Names on disk are ours, the archive is sound."""
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        known = ("capture.sqlite", "archive", "screenshots", ".lock")
        if name.split("/")[0].removesuffix("-wal").removesuffix("-shm") not in known or len(name) > 60:
            found.append(f"a file called {name[:80]!r} was written")
    for path in sorted((folder / "archive").glob("*.warc.gz")):
        try:
            with path.open("rb") as file:
                for record in ArchiveIterator(file, check_digests="raise"):
                    record.content_stream().read()
        except (ArchiveLoadFailed, ValueError) as error:
            found.append(f"{path.name} is not sound: {error}")
    return found


def _path(served: Served, url: str) -> str:
    """The address as the catalogue writes it: a path with its query, or ``//name/path`` on another host."""
    parts = urlsplit(url)
    start = urlsplit(served.start)
    path = (
        parts.path
        + (f"?{parts.query}" if parts.query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )
    own = parts.hostname in (start.hostname, f"www.{start.hostname}")
    return path if own else f"//{parts.hostname}{path}"
