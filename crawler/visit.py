"""A visit to one portal, from its entry in agencies.yaml to its Capture."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from twisted.logger import globalLogBeginner

from crawler.agent import ROBOT, user_agent
from crawler.browser import portal_hosts
from crawler.capture import Visit
from crawler.fetch import settings, trusting
from crawler.frontier import Interests
from crawler.portal import Portal
from crawler.spider import PortalSpider, Visitor, VisitProgress
from crawler.writer import CaptureWriter

__all__ = ["VisitProgress", "visit"]


def visit(
    portal: Portal,
    folder: Path,
    *,
    user_agent_contact: str,
    base_folder: Path,
    interests: Interests | None = None,
    progress: Callable[[VisitProgress], None] = lambda _: None,
) -> Visit:
    """Visits the portal, or goes on with a visit that was interrupted, and writes its Capture to `folder`.

    A finished capture is returned as it is, nothing is asked. `base_folder` is the folder from which the
    portal's `certificate_authority` counts. `interests` say which pages come first; without them it is
    the nearest to the start. A portal that is down, closed or broken ends as the Visit's outcome and reason;
    exceptions are for what is wrong on our side (a missing authority file, a full disk), and for a visit that
    must wait (`OutsideWindowError`) or was stopped by SIGTERM or SIGINT (`VisitStoppedError`): it goes on
    when it is called again.

    Call it in a process of its own, once: the event loop of the crawl cannot be started twice.
    """
    _hush()
    # Until logging has begun, Twisted prints on the console what it takes for critical.
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
    authority = portal.certificate_authority
    with (
        trusting(base_folder / authority if authority is not None else None),
        CaptureWriter(folder, portal) as writer,
    ):
        visitor = Visitor(
            portal,
            writer,
            base_folder=base_folder,
            agent_suffix=f"{ROBOT}/1.0 (+{user_agent_contact})",
            interests=interests,
            progress=progress,
        )
        if visitor.visit.finished_at is not None:
            return visitor.visit
        process: Any = AsyncCrawlerProcess(
            settings(
                user_agent=user_agent(user_agent_contact),
                answer_seconds=portal.budget.answer_seconds,
                private_hosts=private_hosts(portal),
            )
        )
        _hush()  # again: making the process set the levels anew
        process.crawl(PortalSpider, visitor=visitor)
        process.start()
        if visitor.error is not None:
            raise visitor.error
        return visitor.visit


def private_hosts(portal: Portal) -> set[str]:
    """The names under which the portal may live on a private address."""
    hosts = portal_hosts(portal) if portal.allow_private else ()
    return {urlsplit(f"//{host}").hostname or "" for host in hosts}


def _hush() -> None:
    """Scrapy reports every request, Twisted every certificate that does not fit; the capture does so
    already."""
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    logging.getLogger("twisted").setLevel(logging.CRITICAL + 1)
