"""Draws a logo once, in a process of its own, before it is kept.

A drawing of a kilobyte can keep a renderer busy for hours: a gradient that repeats a million times, paths that clip paths that
clip others. What such a one does, it does to a process that may use so much memory and time, and no more.
"""

from __future__ import annotations

import resource
import subprocess
import sys

from arfollow.companies.logo import LogoError
from arfollow.statements.images import pages
from arfollow.statements.pdf import pdf
from arfollow.values.refusals import N_

_SMALL = 300
_MEMORY = 2 * 2**30
# Of the processor, to load the renderer too; then of a clock, where the machine is busy with other things.
_SECONDS, _PATIENCE = 8, 60
_BLANK = 3
_IMAGE = "image:logo"


def refuse_undrawable(media_type: str, content: bytes) -> None:
    """Raise LogoError for a picture that the renderer cannot draw, or not in time, or that is all white."""
    code = _run(media_type, content)
    if code > 0:
        raise LogoError(
            N_("Nothing of this file would be seen on paper: it cannot be drawn, or is white on white.")
        )
    if code < 0:
        raise LogoError(
            N_("Drawing this file takes too much time or memory: simplify it, or save it as a PNG file.")
        )


def _run(media_type: str, content: bytes) -> int:
    """How the drawing ended: 0 well, above 0 without a picture, below 0 stopped."""
    # Our own module, run by our own Python.
    command = [sys.executable, "-m", "arfollow.statements.letterheads.drawing", media_type]
    try:
        return subprocess.run(  # noqa: S603 - see above
            command, input=content, capture_output=True, check=False, timeout=_PATIENCE
        ).returncode
    except subprocess.TimeoutExpired:
        return -1


def _main(media_type: str) -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    content = pdf(
        f'<img src="{_IMAGE}" alt="">',
        styles=("a4.css",),
        images={_IMAGE: (media_type, sys.stdin.buffer.read())},
    )
    blank = pdf("<p></p>", styles=("a4.css",), images={})
    if pages(content, width=_SMALL, most=1) == pages(blank, width=_SMALL, most=1):
        sys.exit(_BLANK)


if __name__ == "__main__":
    _main(sys.argv[1])
