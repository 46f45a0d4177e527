"""Visits many portals in one process, N at a time: ``python -m tests.odd.visits AGENCIES HOME N ID...``.

What `crawler.visit.visit` does for one portal in a process of its own, on one event loop; so that the tests
need not start Python ninety times. Captures go to ``HOME/<portal>``.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from twisted.internet import asyncioreactor

asyncioreactor.install()

from scrapy.crawler import AsyncCrawlerRunner  # noqa: E402
from scrapy.settings import Settings  # noqa: E402
from twisted.internet import reactor  # noqa: E402

from crawler.agent import ROBOT, user_agent  # noqa: E402
from crawler.fetch import GuardedResolver, settings, trusting  # noqa: E402
from crawler.portal import Portal  # noqa: E402
from crawler.spider import PortalSpider, Visitor  # noqa: E402
from crawler.visit import private_hosts  # noqa: E402
from crawler.writer import CaptureWriter  # noqa: E402
from dargah.agencies import load_agencies  # noqa: E402


async def _visit(portal: Portal, folder: Path, base: Path, contact: str) -> None:
    with CaptureWriter(folder, portal) as writer:
        visitor = Visitor(portal, writer, base_folder=base, agent_suffix=f"{ROBOT}/1.0 (+{contact})")
        runner: Any = AsyncCrawlerRunner(
            settings(
                user_agent=user_agent(contact),
                answer_seconds=portal.budget.answer_seconds,
                private_hosts=private_hosts(portal),
            )
        )
        await runner.crawl(PortalSpider, visitor=visitor)
        print(f"{portal.id}: {visitor.visit.outcome} {visitor.visit.reason}", flush=True)


async def _visit_all(agencies: Path, home: Path, wanted: list[str], at_a_time: int) -> None:
    loaded = load_agencies(agencies)
    turns = asyncio.Semaphore(at_a_time)

    async def one(portal: Portal) -> None:
        async with turns:
            try:
                await _visit(portal, home / portal.id, agencies.parent, loaded.contact)
            except Exception as error:  # one portal's visit must not end the others
                print(f"{portal.id}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)

    await asyncio.gather(*(one(portal) for portal in loaded.agencies if portal.id in wanted))


def main() -> None:
    agencies, home, at_a_time, *wanted = sys.argv[1:]
    with trusting(Path(agencies).parent / "ca.pem"):
        # What Scrapy's own process does at its start; names are judged as for portals on the public network.
        loop: Any = reactor
        GuardedResolver.from_crawler(_Settings(), loop).install_on_reactor()

        def begin() -> None:
            task = asyncio.ensure_future(_visit_all(Path(agencies), Path(home), wanted, int(at_a_time)))
            task.add_done_callback(lambda _: loop.stop())

        loop.callWhenRunning(begin)
        loop.run()


class _Settings:
    settings = Settings({"PRIVATE_HOSTS": ["127.0.0.1", "::1"]})


if __name__ == "__main__":
    main()
