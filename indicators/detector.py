"""Detectors: how one is declared, what it answers with, and the rules that hold for all of them.

A detector is a pure function ``detect(site, words) -> Verdict`` in ``indicators/detectors/<indicator>.py``,
marked with ``@detector("<indicator>", version=1)``. It is found by the name of its module.
"""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Literal, NamedTuple

import indicators.detectors
from crawler.capture import File, Sitemap
from indicators.calibration import confidence_of
from indicators.candidates import candidates, leads
from indicators.model import Model
from indicators.page import Anchor, Block, Control, FormView, Image
from indicators.quoting import LONGEST_EXCERPT, excerpt, form_words
from indicators.records import Evidence, EvidenceKind, Finding, PageNumbers, Place
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

log = logging.getLogger(__name__)

MOST_EVIDENCE = 5
MOST_PLACES = 20
MOST_PAGES = 30

COLLECTED_EVERY = (10_000, 20, 20)
"""Thresholds of Python's garbage collector while a portal is judged. What reading the archive leaves in
circles must still go: without any collection ten thousand pages take three times the memory."""

UNSEEN = frozenset({"blocked", "unreachable", "certificate", "refused", "too_large", "unreadable"})
"""Outcomes after which nobody can say what the page holds."""

Details = dict[str, float | int | str | bool | None]


ONLY_A_HINT = "a portal can only hint at this; the agency's own answer counts"
NO_HINT = "nothing on the portal hints at this, which proves nothing"


class Verdict(NamedTuple):
    """What a detector says. `answer` None: not observable, for `reason`; `suggests` has the options that fit
    what was seen where a portal can only hint."""

    answer: str | None
    evidence: tuple[Evidence, ...] = ()
    visited: tuple[Place, ...] = ()
    reason: str = ""
    confidence: float = 1.0
    """How good a rule was used; `indicators.calibration` makes of it what the finding states."""
    details: Details | None = None
    suggests: tuple[str, ...] = ()
    pages: tuple[PageNumbers, ...] = ()
    limits: Mapping[str, tuple[str, ...]] | None = None


Detect = Callable[[Site, Vocabulary], Verdict]


class Detector(NamedTuple):
    indicator: str
    version: int
    detect: Detect
    measured: bool = False
    """True if it needs measurements; without them it can observe nothing."""
    unvisited: bool = False
    """True if it also judges a portal whose certificate kept the visit out."""


def detector(
    indicator: str, version: int, *, measured: bool = False, unvisited: bool = False
) -> Callable[[Detect], Detector]:
    """Declares the detector of an indicator. Raise `version` whenever its answers may change."""

    def declare(function: Detect) -> Detector:
        return Detector(indicator, version, function, measured, unvisited)

    return declare


@cache
def all_detectors() -> dict[str, Detector]:
    """Every detector by its indicator: the `detect` of each module in ``indicators/detectors``."""
    found: dict[str, Detector] = {}
    for module in pkgutil.iter_modules(indicators.detectors.__path__):
        if module.name.startswith("_"):
            continue
        declared = getattr(importlib.import_module(f"indicators.detectors.{module.name}"), "detect", None)
        if not isinstance(declared, Detector) or declared.indicator != module.name:
            raise TypeError(
                f"indicators/detectors/{module.name}.py must declare @detector({module.name!r}) on detect()"
            )
        found[declared.indicator] = declared
    return dict(sorted(found.items()))


def run_detectors(site: Site, model: Model) -> list[Finding]:
    """The findings of every detector whose indicator is in the model, in the model's order."""
    known = all_detectors()
    with _seldom_collecting():
        return [run(known[i.id], site) for i in model.indicators if i.id in known]


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Judging makes records by the hundred thousand and keeps them to the end: to look for garbage among them
    at the usual pace takes a sixth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTED_EVERY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def unobservable(portal: str, model: Model, reason: str) -> list[Finding]:
    """Findings for a portal of which there is nothing to judge."""
    known = all_detectors()
    verdict = not_observable(reason)
    return [_finding(known[i.id], portal, verdict) for i in model.indicators if i.id in known]


def run(one: Detector, site: Site) -> Finding:
    """One detector's finding; its crash is 'not observable', with the error as the reason."""
    visit = site.visit
    kept_out = one.unvisited and visit.outcome == "certificate"
    if visit.outcome != "ok" and not kept_out:
        reason = f"the portal was not reached: {visit.outcome}"
        return _finding(
            one, site.id, not_observable(f"{reason} ({visit.reason})" if visit.reason else reason)
        )
    if not site.pages and not kept_out:
        return _finding(one, site.id, not_observable("no page with content was seen"))
    try:
        return _finding(one, site.id, judged(one, site))
    except Exception as error:
        log.exception("%s: the detector of %s failed", site.id, one.indicator)
        reason = f"the detector failed: {type(error).__name__}: {error}"[:300]
        return _finding(one, site.id, not_observable(reason))


def judged(one: Detector, site: Site) -> Verdict:
    """The detector's verdict, worked out once for each site: what one detector saw, others may build on."""
    verdicts: dict[str, Verdict] = site.__dict__.setdefault("_verdicts", {})
    if one.indicator not in verdicts:
        verdicts[one.indicator] = one.detect(site, site.words)
    return verdicts[one.indicator]


def _finding(one: Detector, portal: str, verdict: Verdict) -> Finding:
    spoke = verdict.answer is not None or bool(verdict.suggests)
    return Finding(
        portal=portal,
        indicator=one.indicator,
        answer=verdict.answer,
        suggests=verdict.suggests,
        reason=verdict.reason,
        # No labels tell how often hints prove right.
        confidence=confidence_of(verdict.confidence) if verdict.answer is not None else 0.0,
        strength=verdict.confidence if spoke else 0.0,
        evidence=verdict.evidence[:MOST_EVIDENCE],
        visited=verdict.visited[:MOST_PLACES],
        details=verdict.details or {},
        pages=verdict.pages[:MOST_PAGES],
        limits=dict(verdict.limits or {}),
        detector=one.indicator,
        version=one.version,
    )


# Verdicts


def found(
    answer: str,
    *evidence: Evidence,
    confidence: float = 0.9,
    details: Details | None = None,
    pages: Iterable[PageNumbers] = (),
    limits: Mapping[str, tuple[str, ...]] | None = None,
) -> Verdict:
    """An answer with its witnesses, the best first, and the numbers behind it: `details` over all pages,
    `pages` for each of them. `limits` names thresholds where the numbers' own names do not."""
    return Verdict(
        answer,
        evidence=tuple(evidence),
        confidence=confidence,
        details=details,
        pages=tuple(pages),
        limits=limits,
    )


def not_observable(reason: str, details: Details | None = None, pages: Iterable[PageNumbers] = ()) -> Verdict:
    return Verdict(None, reason=reason, details=details, pages=tuple(pages))


def absent(
    site: Site,
    *concepts: str,
    answer: Literal["no", "none"] = "no",
    visited: Iterable[Place] = (),
    confidence: float = 0.85,
    details: Details | None = None,
) -> Verdict:
    """ "No", if it may be said. The places are `visited`, the candidates for the concepts, links that
    promised and led nowhere, and the home page. Not observable where a promising address could not be seen,
    or was not reached before the visit ended, and where the concepts' names in the portal's language are not
    known."""
    if concepts and site.unread_language:
        language = site.unread_language
        return not_observable(
            f"the portal is written in a language of which the vocabulary has no words ({language})"
        )
    promising = leads(site, *concepts) if concepts else []
    for lead in promising:
        if lead.outcome in UNSEEN and not _is_choice(lead.reason):
            return not_observable(
                f"{lead.url}: {lead.outcome}" + (f" ({lead.reason})" if lead.reason else "")
            )
    if not site.visit.complete:
        left = [lead for lead in promising if lead.outcome in ("unvisited", "refused")]
        if left:
            why = site.visit.stopped_by or "the visit ended early"
            return not_observable(f"{left[0].url} was not visited: {why}")
    places = {place.url: place for place in visited}
    for page in candidates(site, *concepts) if concepts else []:
        places.setdefault(page.url, place(page, "does not hold what is asked"))
    for lead in promising:
        places.setdefault(lead.url, Place(url=lead.url, title=lead.text, reason=lead.outcome))
    if site.home is not None:
        places.setdefault(site.home.url, place(site.home, "nothing there"))
    return Verdict(answer, visited=tuple(places.values()), confidence=confidence, details=details)


def hinted(
    *evidence: Evidence,
    suggests: Sequence[str] = ("yes",),
    confidence: float = 0.8,
    details: Details | None = None,
) -> Verdict:
    """What a portal shows of something that it cannot settle, and the options that would fit."""
    return Verdict(
        None,
        evidence=evidence,
        reason=ONLY_A_HINT,
        confidence=confidence,
        details=details,
        suggests=tuple(suggests),
    )


def no_hint(site: Site, *concepts: str, visited: Iterable[Place] = ()) -> Verdict:
    """Nothing seen of something that a portal cannot settle, with the places that were visited; not
    observable where a promising one could not be."""
    nothing = absent(site, *concepts, visited=visited)
    return nothing if nothing.answer is None else Verdict(None, visited=nothing.visited, reason=NO_HINT)


def place(page: PageView, reason: str) -> Place:
    return Place(url=page.url, title=page.title, reason=reason)


def _is_choice(reason: str) -> bool:
    """A refusal of our own making that hides no content: addresses that would change something."""
    return reason == "could change something"


# Evidence


def text_evidence(
    site: Site, page: PageView, block: Block, note: str, *, around: str | None = None
) -> Evidence:
    """The words of a block; `around` is a part of it that the excerpt must hold."""
    return _evidence(site, page, "text", excerpt(block.text, around), block.node, note)


def link_evidence(site: Site, page: PageView, link: Anchor, note: str) -> Evidence:
    """A link: its visible words, else what stands for them, else its address as written."""
    return _evidence(site, page, "link", excerpt(link.text or link.title or link.href), link.node, note)


def form_evidence(
    site: Site, page: PageView, form: FormView, note: str, control: Control | None = None
) -> Evidence:
    """A form in its own words; with `control`, at the place of that field."""
    words = form_words(site, page, form, control)
    return _evidence(site, page, "form", words, control.node if control else form.node, note)


def image_evidence(site: Site, page: PageView, image: Image, note: str) -> Evidence:
    return _evidence(site, page, "text", excerpt(image.alt or image.src), image.node, note)


def script_evidence(site: Site, page: PageView, number: int, words: str, note: str) -> Evidence:
    """A part of the page's script of this number (`PageView.scripts`), which no reader sees."""
    return Evidence(
        url=page.url,
        seen_at=page.record.fetched_at,
        kind="script",
        excerpt=words[:LONGEST_EXCERPT],
        locator=site.script_xpath(page, number),
        warc_record=page.record.record_id,
        page=page.id,
        note=note,
    )


def file_evidence(file: File, note: str) -> Evidence:
    return Evidence(
        url=file.url,
        seen_at=file.fetched_at,
        kind="file",
        excerpt=excerpt(file.head),
        warc_record=file.record_id,
        page=file.page,
        note=note,
    )


def sitemap_evidence(site: Site, sitemap: Sitemap, note: str) -> Evidence:
    return Evidence(
        url=sitemap.url,
        seen_at=site.visit.started_at,
        kind="sitemap",
        excerpt="",
        warc_record=sitemap.record_id,
        note=note,
    )


def _evidence(site: Site, page: PageView, kind: EvidenceKind, words: str, node: int, note: str) -> Evidence:
    return Evidence(
        url=page.url,
        seen_at=page.record.fetched_at,
        kind=kind,
        excerpt=words,
        locator=site.xpath(page, node),
        warc_record=page.record.record_id,
        page=page.id,
        note=note,
    )


def first(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """One witness per page, in order."""
    kept: dict[str, Evidence] = {}
    for item in evidence:
        kept.setdefault(item.url, item)
    return tuple(kept.values())
