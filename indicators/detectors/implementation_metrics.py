"""implementation_metrics: published measures or targets for e-government."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._plans import named_in_plans
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("implementation_metrics", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return named_in_plans(site, words, "progress_measure", about="egov")
