"""Measuring needs the machine for itself: locks that hold across processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from filelock import FileLock, Timeout

_POLL_SECONDS = 0.25


@contextlib.asynccontextmanager
async def machine_lock(name: str, waiting: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Hold the lock `name` for the length of the block; `waiting` is called once if somebody else holds it.

    The lock is a file in the folder for temporary files and falls with its holder, however that one ends.
    """
    folder = Path(tempfile.gettempdir())
    lock = FileLock(folder / f"dargah-{name}.lock", mode=0o666, thread_local=False)
    told = False
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if not told:
                waiting()
                told = True
            await asyncio.sleep(_POLL_SECONDS)
        except PermissionError:
            # Systems may forbid to open another user's file in a shared folder: then one per user.
            lock = FileLock(folder / f"dargah-{name}-{os.getuid()}.lock", thread_local=False)
    try:
        yield
    finally:
        lock.release()
