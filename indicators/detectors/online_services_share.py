"""online_services_share: the share of the services presented that have an online entry point."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, first, found, not_observable
from indicators.detectors._entries import OUTSIDE, SHARE_BANDS, share_level, shown, uses
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("online_services_share", version=4)
def detect(site: Site, words: Vocabulary) -> Verdict:
    services = uses(site, words)
    if len(services) < threshold("services"):
        seen = len(candidates(site, "services"))
        return not_observable(f"{len(services)} services are presented by name on {seen} likely pages")
    online = [use.entry for use in services if use.entry is not None]
    share = len(online) / len(services)
    outside = sum(entry.note == OUTSIDE for entry in online)
    witnesses = [*first(online), *(shown(site, use) for use in services if use.entry is None)]
    return found(
        share_level(share),
        *witnesses,
        confidence=0.65 if outside * 2 > len(online) else 0.8,
        details={"services": len(services), "online": len(online), "share": round(share, 3)},
        limits=SHARE_BANDS,
    )
