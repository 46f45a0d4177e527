"""The crawlers that the benchmarks compare, each run once in a process of its own.

``python -m benchmarks.crawlers bare|dargah ADDRESS [--pages N]`` prints as JSON what the crawler saw and the
peak memory of its process (the browser's are others).
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor


class BareSpider(scrapy.Spider):
    """Follows every link of the host and keeps nothing: the spider of ``scrapy bench``, kept on one host."""

    name = "bare"
    seen = 0

    async def start(self) -> AsyncIterator[Any]:
        self.links = LinkExtractor(allow=f"^{re.escape(self.address)}")
        yield scrapy.Request(self.address)

    def parse(self, response: Response) -> Iterator[Any]:
        self.seen += isinstance(response, HtmlResponse)
        if isinstance(response, HtmlResponse):
            for link in self.links.extract_links(response):
                yield scrapy.Request(link.url)


def bare(address: str) -> int:
    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
        }
    )
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, address=address)
    process.start()
    return int(crawler.spider.seen)


def dargah(address: str, pages: int) -> int:
    from crawler.portal import Portal
    from crawler.visit import visit

    portal = Portal.model_validate(
        {
            "id": "benchmark",
            "names": {"fa": "اداره کل نمونه", "en": "Sample office"},
            "kind": "office",
            "start": address,
            "allow_private": True,
            "confined": True,
            "budget": {
                "pages": pages,
                "requests": 10 * pages,
                "megabytes": 10_000,
                "minutes": 120,
                "depth": 50,
                "delay_seconds": 0,
            },
        }
    )
    seen = 0

    def count(progress: Any) -> None:
        nonlocal seen
        seen = progress.pages

    with tempfile.TemporaryDirectory() as folder:
        visit(
            portal,
            Path(folder),
            user_agent_contact="mailto:benchmark@example.org",
            base_folder=Path(folder),
            progress=count,
        )
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crawler", choices=("bare", "dargah"))
    parser.add_argument("address")
    parser.add_argument("--pages", type=int, default=100_000)
    arguments = parser.parse_args()
    if arguments.crawler == "bare":
        seen = bare(arguments.address)
    else:
        seen = dargah(arguments.address, arguments.pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"pages": seen, "peak_megabytes": round(peak / 1e3, 1)}))


if __name__ == "__main__":
    main()
