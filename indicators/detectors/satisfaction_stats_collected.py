"""satisfaction_stats_collected: a survey of satisfaction or a rating of a service."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._satisfaction import evaluated
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("satisfaction_stats_collected", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return evaluated(site, words)
