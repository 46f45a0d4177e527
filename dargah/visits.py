"""What became of each portal's visit, as `dargah crawl` tells it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from crawler.capture import Capture, CaptureError
from dargah.results import NOT_VISITED
from dargah.runs import PortalFolder


def told(portal: str, folder: PortalFolder) -> dict[str, Any]:
    """The visit to one portal: outcome and reason of its start page, what came of its pages and files, what
    was not asked for and why, and what was taken (bytes, seconds). Outcome None if it was not visited."""
    found: dict[str, Any] = {
        "portal": portal, "outcome": None, "reason": NOT_VISITED, "complete": False, "stopped_by": "",
        "pages": {}, "files": {}, "refusals": {}, "requests": 0, "bytes": 0, "seconds": 0.0,
    }  # fmt: skip
    with suppress(CaptureError), Capture(folder.capture) as capture:
        visit, footprint = capture.visit, capture.visit.footprint
        found |= {
            "outcome": visit.outcome,
            "reason": visit.reason,
            "complete": visit.complete,
            "stopped_by": visit.stopped_by,
            "pages": dict(Counter(page.outcome for page in capture.pages).most_common()),
            "files": dict(Counter(file.outcome for file in capture.files).most_common()),
            "refusals": dict(Counter(r.reason for r in capture.refusals).most_common()),
        }
        if footprint is not None:
            found |= {
                "requests": footprint.requests, "bytes": footprint.bytes, "seconds": footprint.seconds,
            }  # fmt: skip
    return found
