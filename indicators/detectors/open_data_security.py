"""open_data_security: checksums or signatures, a licence, HTTPS or access keys on open data."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, hinted, judged, no_hint, place, text_evidence
from indicators.detectors import open_data_policy, open_datasets
from indicators.records import Evidence
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("open_data_security", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:  # noqa: ARG001
    data = judged(open_datasets.detect, site)
    likely = candidates(site, "open_data")
    if data.answer != "yes":
        return no_hint(site, "open_data", visited=[place(page, "no open data to protect") for page in likely])
    kinds = [*_told(site)]
    terms = judged(open_data_policy.detect, site)
    if terms.answer == "yes":
        kinds.append(terms.evidence[0])
    if not site.archived and data.evidence[0].url.startswith("https://"):
        kinds.append(data.evidence[0].model_copy(update={"note": "served_safely"}))
    if not kinds:
        reason = "data without checksums, signatures, licence, HTTPS or access keys"
        return no_hint(site, "open_data", visited=[place(page, reason) for page in likely])
    return hinted(*kinds, suggests=_levels(len(kinds)), confidence=0.7, details={"protections": len(kinds)})


def _levels(kinds: int) -> tuple[str, ...]:
    """What may be answered with so many kinds of protection: how well they are used, nobody outside sees."""
    if kinds >= threshold("protections_many"):
        return ("very_high", "high", "medium")
    if kinds >= threshold("protections_some"):
        return ("high", "medium", "low")
    return ("medium", "low", "very_low")


def _told(site: Site) -> Iterator[Evidence]:
    """Checksums or signatures, and access keys, that the pages of the data speak of."""
    for concept in ("data_integrity", "access_key"):
        for page in candidates(site, "open_data"):
            block = next(iter(page.naming(concept)), None)
            if block is not None:
                yield text_evidence(site, page, block, concept)
                break
