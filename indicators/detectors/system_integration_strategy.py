"""system_integration_strategy: a published plan to join separate systems; single sign-on in use is a sign."""

from __future__ import annotations

from indicators.detector import Verdict, detector, hinted, judged
from indicators.detectors import digital_identity
from indicators.detectors._plans import named_in_plans
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("system_integration_strategy", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    planned = named_in_plans(site, words, "integration")
    shared = judged(digital_identity.detect, site)
    if not planned.suggests and shared.answer == "yes":
        return hinted(*shared.evidence, confidence=0.7)
    return planned
