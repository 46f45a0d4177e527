"""usage_stats_published: figures on the use of services: requests, transactions, users. A visit counter is
none."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, place, text_evidence
from indicators.detectors._figures import figures, numbers_in
from indicators.detectors._forms import is_called
from indicators.detectors._shared import says_nothing
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("usage_stats_published", version=3)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "usage_stats")
    for page in likely:
        if says_nothing(site, page):
            continue
        counted = list(_counted(site, page, words))
        if not counted and is_called(site, page, words, "usage_stats"):
            counted = list(_numbers(site, page, words))
        if len(counted) >= 1 and page.depth:
            return found("yes", *counted[:3], confidence=0.93)
    told: list[Evidence] = []
    for page in site.pages:
        if page not in likely or page.depth == 0:
            told.extend(_counted(site, page, words))
        if len(told) >= 3:
            break
    if told:
        return found("yes", *told[:3], confidence=0.88 if len(told) > 1 else 0.75)
    visited = [place(page, "no figures on the use of services") for page in likely]
    visited += [place(page, "no figures on the use of services") for page in candidates(site, "reports")]
    return absent(site, "usage_stats", visited=visited)


def _counted(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    for figure in figures(page, "service_use", words):
        if words.names("visits", figure.label.norm, 0.3):
            continue
        yield text_evidence(site, page, figure.label, "service_use")
        if figure.value is not figure.label:
            yield text_evidence(site, page, figure.value, "service_use_figure")


def _numbers(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """All of the numbers of a page that is called one of such figures."""
    rows = [b for b in page.content if numbers_in(b.norm) and not words.names("visits", b.norm)]
    if len(rows) >= threshold("figures"):
        for block in rows:
            yield text_evidence(site, page, block, "service_use_figure")
