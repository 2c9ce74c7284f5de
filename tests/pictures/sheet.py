"""All pictures on one page of HTML, to be seen at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures of arfollow</title>
<meta name="viewport" content="width=device-width"><style>
body { margin: 2rem; font: 14px/1.4 system-ui, sans-serif; color: #15201f; background: #e9eeee; }
section { margin-bottom: 2rem; } h2 { margin: 0 0 .5rem; font-size: 1rem; }
div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; } figure { margin: 0; }
img { display: block; max-width: 32rem; max-height: 22rem; object-fit: cover; object-position: top; border: 1px solid #9fb3b1; }
nav { columns: 4; margin-bottom: 2rem; } nav a { display: block; }
</style>"""


@dataclass(frozen=True)
class Picture:
    """A picture's file, what it is of, and how it is seen."""

    file: str
    subject: str
    how: str


def write_sheet(pictures: Sequence[Picture], folder: Path) -> Path:
    """A section for each subject, in the order taken; gives the page's path."""
    order = {picture.subject: number for number, picture in reversed([*enumerate(pictures)])}
    ranked = sorted(pictures, key=lambda picture: order[picture.subject])
    groups = [(subject, list(some)) for subject, some in groupby(ranked, key=lambda picture: picture.subject)]
    links = "".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name, _ in groups)
    path = folder / "index.html"
    body = "\n".join(_section(name, some) for name, some in groups)
    path.write_text(
        f"{_HEAD}\n<h1>{len(pictures)} pictures</h1><nav>{links}</nav>\n{body}\n", encoding="utf-8"
    )
    return path


def _section(name: str, pictures: Sequence[Picture]) -> str:
    figures = "".join(
        f'<figure><a href="{escape(each.file)}"><img src="{escape(each.file)}" loading="lazy" alt="{escape(name)}"></a>'
        f"<figcaption>{escape(each.how)}</figcaption></figure>"
        for each in pictures
    )
    return f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div>{figures}</div></section>'
