"""personal_data_access: users can see their own data, requests or cases after logging in."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._account import promised
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("personal_data_access", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return promised(site, words, "personal_area")
