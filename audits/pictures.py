"""Pictures of measured pages, small and few."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from audits.records import Box, Device, Picture, PictureOf

FOLDER = "pictures"
MOST_BYTES = 400_000
SECONDS = 12.0
_QUALITY = 60


def picture_path(url: str, device: Device, shows: str) -> str:
    """Where a picture lies below the measurements' folder."""
    return f"{FOLDER}/{hashlib.sha256(url.encode()).hexdigest()[:12]}-{device}-{shows}.jpg"


async def take_picture(
    page: Page,
    url: str,
    folder: Path,
    device: Device,
    shows: PictureOf,
    part: Box | None = None,
) -> Picture | None:
    """A JPEG of the page's first screen, or of the part given; None if it could not be taken."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    box = part or Box(x=0, y=0, width=size["width"], height=size["height"])
    target = folder / picture_path(url, device, shows)
    try:
        async with asyncio.timeout(SECONDS):
            data = await page.screenshot(
                type="jpeg",
                quality=_QUALITY,
                scale="css",
                animations="disabled",
                full_page=part is not None,
                clip={"x": box.x, "y": box.y, "width": box.width, "height": box.height} if part else None,
                timeout=SECONDS * 1000,
            )
    except (PlaywrightError, TimeoutError):
        return None
    if len(data) > MOST_BYTES:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    part_file = target.with_name(f".{target.name}.part")
    part_file.write_bytes(data)
    part_file.replace(target)
    return Picture(url=url, device=device, shows=shows, path=picture_path(url, device, shows), box=box)
