"""vulnerable_access_strategy: a published strategy that names access for vulnerable groups."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._plans import named_in_plans
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("vulnerable_access_strategy", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return named_in_plans(site, words, "vulnerable", "access_promise")
