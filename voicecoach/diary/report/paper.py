"""The page as PDF, by WeasyPrint: tagged (PDF/UA), so that a screen reader reads it, too.

It belongs to the extra `report`. Why it: it prints our own page by the same rules as a browser,
its licence is free (BSD), it is well kept, and it writes tags, which Chromium's print does only
since lately; and no browser is needed. It stands on Pango, which a Linux desktop has.
"""

from __future__ import annotations

import logging
from typing import NoReturn

from voicecoach.errors import VoicecoachError

_MISSING = (
    "A PDF needs WeasyPrint: pip install 'voicecoach[report]' brings it. "
    "Or write the report as .html, and print it from a browser."
)
_NO_PANGO = (
    "A PDF needs the library Pango (Debian: libpango-1.0-0 and libpangoft2-1.0-0; "
    "macOS: brew install pango). Or write the report as .html, and print it from a browser."
)


def pdf(html: str) -> bytes:
    """The page on A4. Raises VoicecoachError where it cannot be had."""
    try:
        import weasyprint  # noqa: PLC0415 - belongs to an extra, and takes a second
    except ImportError:
        raise VoicecoachError(_MISSING) from None
    except OSError:  # it looks for Pango when it is imported
        raise VoicecoachError(_NO_PANGO) from None
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    document = weasyprint.HTML(string=html, url_fetcher=_fetch_nothing)
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    """The page holds all that it needs."""
    raise ValueError(url)
