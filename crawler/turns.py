"""One request at a time per host, for what a page in the browser asks for by itself."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Hashable

HOLD_SECONDS = 5.0
"""How long one answer may keep the next request to its host waiting: streams and long polls never end."""


class Turns:
    """Whoever asks a host takes its turn first; the turn ends with the answer, after `hold` seconds at the
    latest, or with the page (`close`)."""

    def __init__(self, hold: float = HOLD_SECONDS) -> None:
        self._hold = hold
        self._hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: dict[Hashable, tuple[asyncio.Lock, asyncio.TimerHandle]] = {}
        self._closed = False
        self.waiting = 0
        """Requests that wait for their turn."""

    async def take(self, host: str, request: Hashable) -> bool:
        """Waits for the host's turn; False if the page was left in the meantime."""
        self.waiting += 1
        try:
            await self._hosts[host].acquire()
        finally:
            self.waiting -= 1
        if self._closed:
            self._hosts[host].release()
            return False
        self._keep(request, self._hosts[host])
        return True

    def pass_on(self, request: Hashable, following: Hashable) -> None:
        """A request goes on as another one: it was redirected."""
        if held := self._held.pop(request, None):
            held[1].cancel()
            self._keep(following, held[0])

    def end(self, request: Hashable) -> None:
        """The answer is there, or will not come."""
        if held := self._held.pop(request, None):
            held[1].cancel()
            held[0].release()

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closed = True
        for request in list(self._held):
            self.end(request)

    def _keep(self, request: Hashable, lock: asyncio.Lock) -> None:
        timer = asyncio.get_running_loop().call_later(self._hold, self.end, request)
        self._held[request] = (lock, timer)
