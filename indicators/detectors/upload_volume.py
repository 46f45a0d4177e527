"""upload_volume: the largest upload limit that the portal states, in the questionnaire's bands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indicators.detector import Verdict, detector, form_evidence, found, not_observable, text_evidence
from indicators.detectors._sizes import sizes_in, upload_band
from indicators.detectors.upload_available import file_fields
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary

LONGEST_LIMIT = 300
"""Characters of a text that states a limit."""

AROUND = 4
"""Blocks before and after a file field that may state its limit."""


class _Limit(NamedTuple):
    megabytes: float
    evidence: Evidence


@detector("upload_volume", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    at_fields = list(_at_fields(site, words))
    limits = at_fields or list(_told(site, words))
    if not limits:
        return not_observable("no upload limit is stated")
    largest = max(limit.megabytes for limit in limits)
    shown = [limit.evidence for limit in limits if limit.megabytes == largest]
    return found(
        upload_band(largest), *shown, confidence=0.92 if at_fields else 0.75, details={"megabytes": largest}
    )


def _at_fields(site: Site, words: Vocabulary) -> Iterator[_Limit]:
    """Limits stated in a file field's label, or in a text beside it."""
    for page, form, field in file_fields(site):
        sizes = sizes_in(field.norm, words)
        if sizes:
            yield _Limit(max(sizes), form_evidence(site, page, form, "upload_limit", field))
            continue
        below = [index for index, block in enumerate(page.blocks) if block.node <= field.node]
        at = below[-1] if below else 0
        for block in page.blocks[max(0, at - AROUND) : at + AROUND + 1]:
            sizes = sizes_in(block.norm, words) if len(block.text) <= LONGEST_LIMIT else []
            if sizes:
                yield _Limit(max(sizes), text_evidence(site, page, block, "upload_limit"))


def _told(site: Site, words: Vocabulary) -> Iterator[_Limit]:
    """Limits told in a text on uploads, where the form itself stands behind a log-in."""
    for page in site.pages:
        for block in page.naming("upload"):
            if len(block.text) <= LONGEST_LIMIT:
                sizes = sizes_in(block.norm, words)
                if sizes:
                    yield _Limit(max(sizes), text_evidence(site, page, block, "upload_limit"))
