"""online_services_share: the share of the services presented that have an online entry point."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, first, found, not_observable
from indicators.detectors._entries import OUTSIDE, SHARE_BANDS, share_level, shown, uses
from indicators.detectors.services_on_portal import own_systems
from indicators.records import Evidence
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("online_services_share", version=8)
def detect(site: Site, words: Vocabulary) -> Verdict:
    services = uses(site, words)
    least = threshold("services")
    if len(services) < least:
        systems = list(own_systems(site, words).values())
        if len(systems) >= least:
            return _systems_alone(systems)
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


def _systems_alone(systems: list[Evidence]) -> Verdict:
    """The level where all services that a portal names are the agency's systems, entered by their names."""
    count = len(systems)
    return found(
        "very_high",
        *first(systems),
        confidence=0.65,
        details={"services": count, "online": count, "share": 1.0},
        limits=SHARE_BANDS,
    )
