"""The steps of auditing one portal. Each reads files and writes files, so that each can be run alone.

This is the unit of work: the pipeline runs it in a process of its own, a queue worker could run it anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from audits.measure import load_measurements, measure
from crawler.capture import Capture, CaptureError
from crawler.datafile import write_atomic
from dargah.agencies import load_agencies
from dargah.results import FINDINGS, NOT_VISITED, PROBLEMS
from dargah.runs import LINKS, RunFolder
from indicators.detector import run_detectors, unobservable
from indicators.interests import crawl_interests
from indicators.key_pages import key_pages
from indicators.load import load_site
from indicators.model import load_model
from indicators.records import Finding
from indicators.structure import problems

Progress = Callable[[str], None]


def crawl(run: RunFolder, portal_id: str, progress: Progress) -> str:
    """Visits the portal, or goes on with an interrupted visit. Returns why it was not there, or ''."""
    from crawler.visit import visit  # only here: Scrapy takes a second to load

    agencies = load_agencies(run.agencies)
    done = visit(
        agencies.agency(portal_id),
        run.portal(portal_id).capture,
        interests=crawl_interests(),
        user_agent_contact=agencies.contact,
        base_folder=run.path,
        progress=lambda p: progress(str(p)),
    )
    return "" if done.outcome == "ok" else done.reason or done.outcome


def measure_portal(
    run: RunFolder,
    portal_id: str,
    progress: Progress,
    *,
    lighthouse_pages: int | None = None,
    again: bool = False,
) -> str:
    """Measures what is missing of the home page and the key pages, or, `again`, all of it. Returns ''
    (failures stand in the measurements)."""
    folder = run.portal(portal_id)
    agencies = load_agencies(run.agencies)
    portal = agencies.agency(portal_id)
    with Capture(folder.capture) as capture:
        measure(
            portal,
            capture,
            folder.measurements,
            key_pages=key_pages(load_site(capture, None), portal.measuring.key_pages),
            lighthouse_pages=lighthouse_pages,
            again=again,
            base_folder=run.path,
            contact=agencies.contact,
            links_memory=run.path.parent / LINKS,
            progress=progress,
        )
    return ""


def detect(run: RunFolder, portal_id: str, model_id: str) -> Sequence[Finding]:
    """Judges the capture, writes and returns the findings. Reaches no network."""
    folder = run.portal(portal_id)
    model = load_model(model_id)
    try:
        with Capture(folder.capture) as capture:
            site = load_site(capture, load_measurements(folder.measurements))
            findings, wrong = run_detectors(site, model), problems(site)
    except CaptureError:
        findings, wrong = unobservable(portal_id, model, NOT_VISITED), []
    write_atomic(folder.problems, PROBLEMS.dump_json(wrong, indent=1) + b"\n")
    write_atomic(folder.findings, FINDINGS.dump_json(findings, indent=1) + b"\n")
    return findings
