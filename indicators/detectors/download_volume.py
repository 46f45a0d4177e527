"""download_volume: the size of the largest file that the portal offers, in the questionnaire's bands."""

from __future__ import annotations

from crawler.capture import File
from crawler.scope import identity
from indicators.candidates import candidates
from indicators.detector import (
    Verdict,
    absent,
    detector,
    file_evidence,
    found,
    link_evidence,
    not_observable,
    place,
)
from indicators.detectors._sizes import download_band
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary

MEGABYTE = 1_000_000

_SEEN = frozenset(("ok", "too_large"))
_NOT_OFFERED = ("application/manifest+json", "application/opensearchdescription+xml", "text/css")


@detector("download_volume", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:  # noqa: ARG001
    if site.archived:
        return not_observable("a saved copy leaves out large files")
    offered = [f for f in site.files if f.outcome in _SEEN and f.media_type not in _NOT_OFFERED]
    sized = [file for file in offered if file.size]
    if not sized:
        if offered:
            return not_observable("the portal does not say how large its files are")
        visited = [place(page, "offers no file") for page in candidates(site, "blank_form", "download")]
        return absent(site, answer="none", visited=visited)
    largest = max(sized, key=lambda file: (file.size or 0, file.url))
    megabytes = round((largest.size or 0) / MEGABYTE, 3)
    # Files of unknown size may be larger than the largest known one.
    confidence = 0.95 if len(sized) == len(offered) and site.visit.complete else 0.8
    return found(
        download_band(megabytes),
        *_witnesses(site, largest),
        confidence=confidence,
        details={"megabytes": megabytes, "files": len(offered)},
    )


def _witnesses(site: Site, file: File) -> list[Evidence]:
    """The link under which the file is offered, and the file."""
    links = site.inbound.get(identity(file.url), [])[:1]
    return [
        *(link_evidence(site, inbound.page, inbound.link, "largest_file") for inbound in links),
        file_evidence(file, "largest_file"),
    ]
