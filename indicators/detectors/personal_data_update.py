"""personal_data_update: users can change their own details after logging in."""

from __future__ import annotations

from indicators.detector import Verdict, detector
from indicators.detectors._account import promised
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("personal_data_update", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    return promised(site, words, "personal_edit")
