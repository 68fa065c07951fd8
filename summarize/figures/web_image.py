"""A picture as a web page takes it: small in pixels and in bytes."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 190_000  # bytes
QUALITIES = (86, 72, 55)
SMALLER = 0.75  # of its sides, where no quality is small enough


def webp(image: "Image") -> bytes:
    """Return a picture as WebP, as good as so many bytes allow.

    Raises `ValueError` for one that can't be made small enough.
    """
    while min(image.size) > 16:
        for quality in QUALITIES:
            out = io.BytesIO()
            image.save(out, "WEBP", quality=quality, method=4)
            if out.tell() <= MOST:
                return out.getvalue()
        image = image.resize([max(int(side * SMALLER), 1) for side in image.size], 1)
    raise ValueError("the picture can't be made small enough")
