"""Builds a report: a folder of files that opens from disk, needs nobody, and says the same every time.

The same input gives the same bytes: no clock, no chance, and pictures that were taken before are kept.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from html import escape
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from crawler.capture import Capture, Page
from crawler.datafile import load_yaml
from crawler.portal import Names
from reports import screenshots as pictures
from reports import tables
from reports.archive import Archive
from reports.data import AgencyInput, ReportInput
from reports.pages import Pages, Site, Witnesses
from reports.screenshots import Shot, Target
from reports.spots import Spot, is_a_place
from reports.words import Words

log = logging.getLogger(__name__)

HERE = Path(__file__).parent

Progress = Callable[[str, int, int], None]
"""Told (step, done, in all); steps are ``copies``, ``screenshots``, ``pages``, ``tables``."""


class Recommendations(BaseModel):
    """The file recommendations.yaml: what to do about an indicator, in a line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recommendations: dict[str, Names]


def build(
    report: ReportInput,
    captures: Callable[[str], Capture | None],
    folder: Path,
    languages: Sequence[str] = ("fa", "en"),
    screenshots: bool = True,
    progress: Progress = lambda *_: None,
) -> Path:
    """Writes the report into `folder` and returns the path of its first page.

    `captures` opens a portal's capture by its id, or returns None where there is none; it is closed here.
    `languages` are those of `locales/`, the first is the one that opens. Pictures in an earlier report in
    `folder` are used again. The folder is replaced as a whole at the very end; until then, and after any
    error, the earlier report stands. Raises OSError.

    Must not be called from a running event loop (screenshots run one).
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    try:
        new.chmod(0o755)
        witnesses = _write_copies(report, captures, new, languages, progress)
        witnesses.shots = _pictures(report, witnesses, folder, new, screenshots, progress)
        site = Site(languages)
        _write_pages(report, witnesses, site, new, progress)
        tables.write(report, witnesses, site, new / "data")
        progress("tables", 1, 1)
        static = new / "static"
        static.mkdir()
        for name in ("report.css", "Vazirmatn.woff2", "Vazirmatn-OFL.txt"):
            shutil.copyfile(HERE / "static" / name, static / name)
        _swap(new, folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return folder / "index.html"


def recommendations(path: Path = HERE / "recommendations.yaml") -> dict[str, Names]:
    """What to do, by indicator id or ``indicator.check``. Raises DataFileError."""
    return load_yaml(path, Recommendations).recommendations


def _write_copies(
    report: ReportInput,
    captures: Callable[[str], Capture | None],
    root: Path,
    languages: Sequence[str],
    progress: Progress,
) -> Witnesses:
    witnesses = Witnesses()
    words = [Words(language, report.time_zone) for language in languages]
    for done, agency in enumerate(report.agencies, 1):
        with ExitStack() as stack:
            capture = captures(agency.portal.id)
            if capture is not None:
                stack.enter_context(capture)
                _copy_portal(agency, capture, root, words, witnesses)
            _copy_lighthouse(agency, root, witnesses)
            _copy_pictures(agency, root, witnesses)
        progress("copies", done, len(report.agencies))
    return witnesses


def _copy_portal(
    agency: AgencyInput, capture: Capture, root: Path, words: Sequence[Words], witnesses: Witnesses
) -> None:
    portal = agency.portal.id
    by_record: dict[str, Page] = {}
    by_address: dict[str, Page] = {}
    for page in capture.pages:
        by_record[page.record_id] = page
        for url in (page.url, page.final_url):
            by_address.setdefault(url, page)
            witnesses.records.setdefault((portal, url), page.record_id)
        witnesses.languages[portal, page.id] = page.language
        witnesses.titles[portal, page.id] = page.title
    wanted: dict[int, list[Spot]] = {}
    texts: list[str] = []
    for finding in agency.findings:
        for evidence in finding.evidence:
            seen = by_record.get(evidence.warc_record)
            if seen is not None and "html" in seen.media_type:
                wanted.setdefault(seen.id, []).append(Spot.of(evidence))
            elif evidence.warc_record:
                texts.append(evidence.warc_record)
        for place in finding.visited:
            page_there = by_address.get(place.url)
            if page_there is not None and "html" in page_there.media_type:
                wanted.setdefault(page_there.id, [])
    archive = Archive(capture, root, portal, lambda page: _banner(page, words))
    archive.write(wanted)
    for record in texts:
        archive.write_text(record)
    for record, copy in archive.written.items():
        witnesses.copies[portal, record] = copy


def _banner(page: Page, words: Sequence[Words]) -> str:
    """The notice at the head of a copy. Its style stands in the element itself, with !important, where a
    style sheet of the page can't reach it."""
    lines = []
    for own in words:
        text = own(
            "archive.banner",
            url=page.final_url[:200],
            date=f"{own.date(page.fetched_at)} ({own.other_date(page.fetched_at)})",
            time=own.time(page.fetched_at),
        )
        lines.append(
            f'<p lang="{own.language}" dir="{own.direction}" style="all:initial!important;'
            "display:block!important;font:14px/1.6 Vazirmatn,Tahoma,sans-serif!important;"
            f'color:#fff!important;direction:{own.direction}!important;overflow-wrap:anywhere!important">{escape(text)}</p>'
        )
    return (
        '<div id="dargah-banner" role="note" style="all:initial!important;display:block!important;'
        "box-sizing:border-box!important;width:100%!important;background:#1d2b3f!important;"
        "padding:10px 20px!important;position:relative!important;z-index:2147483647!important"
        f'">{"".join(lines)}</div>'
    )


def _copy_lighthouse(agency: AgencyInput, root: Path, witnesses: Witnesses) -> None:
    """Lighthouse's own pages and data, of those that lie below the measurements' folder."""
    if agency.measurements is None or agency.measurements_folder is None:
        return
    base = agency.measurements_folder.resolve()
    for number, run in enumerate(agency.measurements.lighthouse, 1):
        for path in filter(None, (run.html_path, run.json_path)):
            source = (base / path).resolve()
            if source.suffix not in (".html", ".json") or not source.is_relative_to(base):
                continue
            if source.is_file():
                name = f"lighthouse/{agency.portal.id}-{number}{source.suffix}"
                (root / "lighthouse").mkdir(exist_ok=True)
                shutil.copyfile(source, root / name)
                witnesses.lighthouse[agency.portal.id, path] = name


def _copy_pictures(agency: AgencyInput, root: Path, witnesses: Witnesses) -> None:
    """The pictures of measured pages, of those that lie below the measurements' folder."""
    if agency.measurements is None or agency.measurements_folder is None:
        return
    base = agency.measurements_folder.resolve()
    for number, picture in enumerate(agency.measurements.pictures, 1):
        source = (base / picture.path).resolve()
        if not source.is_relative_to(base) or source.suffix != ".jpg" or not source.is_file():
            continue
        name = f"pictures/{agency.portal.id}-{number}.jpg"
        (root / "pictures").mkdir(exist_ok=True)
        shutil.copyfile(source, root / name)
        witnesses.pictures[agency.portal.id, picture.path] = name


def _pictures(
    report: ReportInput,
    witnesses: Witnesses,
    earlier: Path,
    root: Path,
    wanted: bool,
    progress: Progress,
) -> dict[str, Shot]:
    """Takes over the pictures of the earlier report, and takes those that are missing."""
    known = pictures.load(earlier / "screenshots")
    shots: dict[str, Shot] = {}
    missing: dict[tuple[str, str], list[str]] = {}
    for agency in report.agencies:
        for finding in agency.findings:
            for evidence in finding.evidence:
                copy = witnesses.copies.get((agency.portal.id, evidence.warc_record))
                key = Spot.of(evidence).key
                if copy is None or not copy.path.endswith(".html") or not is_a_place(evidence):
                    continue
                if key in known:
                    shots[key] = known[key]
                else:
                    keys = missing.setdefault((copy.path, agency.portal.id), [])
                    if key not in keys:
                        keys.append(key)
    for file in {shot.file for shot in shots.values()}:
        target = root / "screenshots" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(earlier / "screenshots" / file, target)
    if wanted:
        targets = [Target(root / path, portal, tuple(keys)) for (path, portal), keys in missing.items()]
        shots |= pictures.take(
            targets, root / "screenshots", lambda done, total: progress("screenshots", done, total)
        )
    if shots:
        pictures.save(root / "screenshots", shots)
    return shots


def _write_pages(
    report: ReportInput, witnesses: Witnesses, site: Site, root: Path, progress: Progress
) -> None:
    mends = recommendations()
    per_language = 1 + len(report.agencies) * (1 + len(report.model.indicators))
    total, done = per_language * len(site.languages), 0
    for language in site.languages:
        for _ in Pages(report, witnesses, site, language, mends).write(root):
            done += 1
            if done % 50 == 0 or done == total:
                progress("pages", done, total)


def _swap(new: Path, folder: Path) -> None:
    """Puts the new report in the place of the old one, and takes away what a killed build may have left."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
