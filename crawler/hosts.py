"""What the portal's hosts say of themselves: their sitemaps, and what they show for a page that is not
there."""

from __future__ import annotations

from crawler.arriving import Arriving
from crawler.capture import Sitemap
from crawler.discovery import Discovery
from crawler.extract import Extracted
from crawler.fetch import Fetcher
from crawler.frontier import Entry
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.outcomes import Missing, missing_address
from crawler.robots import SITEMAP_LIMIT, SITEMAPS, read_sitemap
from crawler.scope import host_of, identity, is_asset, origin_of

SITEMAP_PRIORITY = -1.0


class Hosts:
    """Asks each host once, and remembers."""

    missing: dict[str, Missing]
    """What a host shows for an address that cannot exist."""

    def __init__(
        self, memory: Memory, fetcher: Fetcher, manners: Manners, arriving: Arriving, discovery: Discovery
    ) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._fetcher = fetcher
        self._manners = manners
        self._arriving = arriving
        self._discovery = discovery
        known = memory.recall("missing") or {}
        self.missing = {host: Missing.from_data(data) for host, data in known.items()}

    async def ask_for_missing_page(self) -> None:
        start = self._memory.start_page()
        host = host_of(start.final_url)
        if host in self.missing:
            return
        asked = missing_address(origin_of(start.final_url))
        if not (await self._manners.rules_of(asked)).allows(asked):
            return
        arrival = await self._arriving.arrive(Entry(identity(asked), asked, "page", 1, "hint", start.id, ""))
        if arrival.known is not None:
            there = self._memory.page(arrival.known)
            missing = Missing(200, identity(there.final_url), frozenset(), "")
        else:
            missing = Missing.of(arrival.last, arrival.page or Extracted(), asked)
        status = arrival.last.status if arrival.known is None else 200
        with self._writer.commit():
            self._writer.archive(arrival.exchanges)
            self._writer.db.execute(
                "UPDATE hosts SET missing_page_status = ? WHERE host = ?", (status, origin_of(asked))
            )
            self.missing[host] = missing
            self._memory.remember("missing", {key: value.to_data() for key, value in self.missing.items()})
            self._memory.save()

    async def read_sitemaps(self) -> None:
        origin = origin_of(self._memory.start_page().final_url)
        rules = await self._manners.rules_of(origin + "/")
        begun = {"queue": list(rules.sitemaps) or [f"{origin}/sitemap.xml"], "seen": []}
        progress: dict[str, list[str]] = self._memory.recall("sitemaps") or begun
        queue, seen = progress["queue"], progress["seen"]
        while queue and len(seen) < SITEMAPS:
            url = queue.pop(0)
            if url in seen or not self._scope.contains(url):
                continue
            seen.append(url)
            if not (await self._manners.rules_of(url)).allows(url):
                continue
            fetched = await self._fetcher.fetch(url, keep="start", limit=SITEMAP_LIMIT)
            kind, found, reason = read_sitemap(fetched)
            own = [u for u in found if self._scope.contains(u)]
            if kind == "sitemapindex":
                queue += own[: 2 * SITEMAPS]
            with self._writer.commit():
                self._writer.add(
                    Sitemap(
                        url=url,
                        status=fetched.status,
                        entries=len(own) if kind == "urlset" else 0,
                        reason=reason,
                        record_id=self._writer.archive([fetched]),
                    )
                )
                if kind == "urlset":
                    for address in own:
                        if not is_asset(address):
                            self._discovery.discover(address, "sitemap", 1, None, "", SITEMAP_PRIORITY)
                self._memory.remember("sitemaps", progress)
                self._memory.save()
