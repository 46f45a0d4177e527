"""digital_transformation_strategy: a published plan for digital transformation that names e-government."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._plans import named_in_plans
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("digital_transformation_strategy", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return named_in_plans(site, words, "egovernment", about="digital_transformation")
