"""services_on_portal: three of the agency's services by name, each described, linked or with a form."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, place
from indicators.detectors._services import (
    Service,
    distinct,
    pages_of_their_own,
    service_lists,
    services_of,
    witness,
)
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("services_on_portal", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    visited = []
    lists = service_lists(site, words)
    likely = candidates(site, "services")
    least = int(threshold("services"))
    best: dict[str, Service] = {}
    for page in dict.fromkeys([*likely, *site.pages]):
        listed = page.id in lists
        services = distinct(services_of(site, page, words, whole=listed))
        if len(services) >= least:
            confidence = 0.95 if listed else 0.85
            shown = sorted(services.values(), key=lambda service: not service.described)
            return found(
                "yes",
                *[witness(site, service) for service in shown[:least]],
                confidence=confidence,
                details={"services": len(services)},
            )
        if page in likely:
            visited.append(place(page, f"names {len(services)} services with something to use or read"))
            best.update(services)
    own = distinct(pages_of_their_own(site, words))
    if len(own) >= least:
        evidence = [witness(site, service) for service in own.values()]
        return found("yes", *first(evidence), confidence=0.85, details={"services": len(own)})
    best.update(own)
    if len(best) >= least:
        evidence = [witness(site, service) for service in best.values()]
        return found("yes", *evidence, confidence=0.75, details={"services": len(best)})
    return absent(site, "services", visited=visited, details={"services": len(best)})
