"""electronic_processes_share: the share of the services presented that are online from start to end."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, first, found, not_observable
from indicators.detectors._entries import SHARE_BANDS, share_level, shown, uses
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("electronic_processes_share", version=7)
def detect(site: Site, words: Vocabulary) -> Verdict:
    services = uses(site, words)
    if len(services) < threshold("services"):
        seen = len(candidates(site, "services"))
        return not_observable(f"{len(services)} services are presented by name on {seen} likely pages")
    online = [use.complete for use in services if use.complete is not None]
    share = len(online) / len(services)
    witnesses = [*first(online), *(shown(site, use) for use in services if use.complete is None)]
    return found(
        share_level(share),
        *witnesses,
        # Behind a log-in or in another body's system nobody sees how a service goes on.
        confidence=0.8 if len(online) == sum(use.entry is not None for use in services) else 0.65,
        details={"services": len(services), "online": len(online), "share": round(share, 3)},
        limits=SHARE_BANDS,
    )
