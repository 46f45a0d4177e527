"""From a Capture to a Site: the only place where judging reads from disk."""

from __future__ import annotations

from audits.records import Measurements
from crawler.capture import Capture, CaptureError, Page
from indicators.site import Site
from indicators.vocabulary import Vocabulary, load_vocabulary


def load_site(capture: Capture, measurements: Measurements | None, words: Vocabulary | None = None) -> Site:
    """The portal of a capture, which must stay open as long as the Site is used. Pages are read from the
    archive when a detector first looks at them. Raises CaptureError where the capture itself is broken."""

    def html(page: Page) -> str:
        try:
            return capture.html(page)
        except (CaptureError, OSError, EOFError, LookupError):
            return ""  # a damaged archive record: the page shows nothing, and nothing is claimed of it

    return Site(
        portal=capture.portal,
        visit=capture.visit,
        all_pages=capture.pages,
        files=capture.files,
        hosts=capture.hosts,
        sitemaps=capture.sitemaps,
        refusals=capture.refusals,
        searches=capture.searches,
        leads=capture.leads,
        measurements=measurements,
        html=html,
        body=capture.body,
        headers=capture.headers,
        latest_record=capture.latest_record,
        words=words or load_vocabulary(),
    )
