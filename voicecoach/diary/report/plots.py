"""The plots of the report, drawn by matplotlib as SVG that stands inside a page.

Law: every plot has a text alternative, and shows nothing that the table beside it does not tell;
nothing is told by colour alone. The same facts give the same bytes: no dates, no random ids.

matplotlib belongs to the extra `report`: without it there are no plots, and the page says so. Why
it and not another: it is the best kept of all, its licence is free (PSF-like), it draws SVG with
words that stay words, and it needs no browser, no JavaScript and no binary of somebody else's
(altair's and plotly's SVG does; pygal is LGPL and brings a script of its own).
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from voicecoach.diary.report.facts import Facts, Span
from voicecoach.diary.report.text import percent, scores
from voicecoach.diary.words import short, short_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 12
"""Exercises in one plot: more cannot be read; the table has all of them."""

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",  # words stay words
    "svg.hashsalt": "voicecoach",
    "text.parse_math": False,  # a name may hold a dollar sign
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_DARK, _LIGHT = "#1b4f72", "#d6eaf8"
_LONGEST_LABEL = 28

_TAG = re.compile(r"<[^>]*>")  # in the words between them, < and > are escaped
_ID = re.compile(r'\bid="|href="#|url\(#')


def can_plot() -> bool:
    """Whether the extra is installed."""
    return find_spec("matplotlib") is not None


def sessions_plot(facts: Facts) -> str:
    """Sessions over time, beside how many are prescribed."""
    spans = facts.spans
    figure, axes = _figure(2.4)
    places = range(len(spans))
    axes.bar(places, [one.sessions for one in spans], color=_LIGHT, edgecolor=_DARK, label="begun")
    finished = [one.finished for one in spans]
    axes.bar(places, finished, color=_DARK, width=0.5, label="finished")
    if any(one.prescribed for one in spans):
        wanted = [one.prescribed for one in spans]
        axes.step(
            [*(place - 0.5 for place in places), len(spans) - 0.5],
            [*wanted, wanted[-1]],
            *("k--",),
            where="post",
            label="prescribed",
        )
    _over_time(axes, spans)
    axes.set_ylabel("sessions")
    axes.locator_params(axis="y", integer=True)
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.25), ncols=3, frameon=False)
    told = [f"{one.name}: {one.sessions}, {one.finished} finished" for one in spans]
    return _svg(figure, "sessions", "Sessions over time", "; ".join(told))


def doses_plot(facts: Facts) -> str:
    """How much of the prescribed time was done, exercise by exercise."""
    totals = [one for one in facts.totals if one.ms][:MOST_BARS]
    if not totals:
        return ""
    figure, axes = _figure(0.9 + 0.28 * len(totals))
    places = range(len(totals))
    axes.barh(places, [100] * len(totals), color="white", edgecolor=_DARK, label="prescribed")
    done = [percent(one) for one in totals]
    axes.barh(places, done, height=0.5, color=_DARK, label="done")
    axes.set_yticks(places, [_label(one.name) for one in totals])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("percent of the seconds prescribed")
    told = [
        f"{short(one.name)}: {number} percent" for one, number in zip(totals, done, strict=True)
    ]
    return _svg(figure, "doses", "Seconds done of those prescribed", "; ".join(told))


def pain_plot(facts: Facts) -> str:
    """Pain before and after, over time."""
    spans = facts.spans
    if not facts.scored:
        return ""
    figure, axes = _figure(2.4)
    series = (
        ("before", "o-", [one.before for one in spans]),
        ("after", "s--", [one.after for one in spans]),
    )
    for name, style, values in series:
        shown = [(place, value) for place, value in enumerate(values) if value is not None]
        if shown:
            axes.plot(*zip(*shown, strict=True), style, color=_DARK, label=name)
    _over_time(axes, spans)
    axes.set_ylim(-0.5, 10.5)
    axes.set_ylabel("pain, 0 to 10")
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.25), ncols=2, frameon=False)
    told = [f"{one.name}: {scores(one)}" for one in spans if scores(one)]
    return _svg(figure, "pain", "Pain before and after sessions", "; ".join(told))


def _figure(height: float) -> tuple[Figure, Axes]:
    import matplotlib as mpl  # noqa: PLC0415 - belongs to an extra, and takes half a second
    from matplotlib.figure import Figure  # noqa: PLC0415

    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)  # of fonts it has not found
    mpl.rcParams.update(_STYLE)
    figure = Figure(figsize=(6.5, height), layout="constrained")
    return figure, figure.subplots()


def _over_time(axes: Axes, spans: tuple[Span, ...]) -> None:
    axes.set_xlim(-0.6, len(spans) - 0.4)
    axes.set_xticks(range(len(spans)), [short_day(one.first, one.last) for one in spans])


def _label(name: str) -> str:
    name = short(name)
    return name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1] + "…"


def _svg(figure: Figure, name: str, title: str, told: str) -> str:
    """The drawing alone, with its title and its text alternative, and ids that no other has."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415

    stream = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that our font lacks is drawn by the reader's
        # figure.savefig draws twice, which takes twice as long and gives the same.
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
            stream, metadata=_NO_METADATA
        )
    drawing = stream.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = _TAG.sub(lambda tag: _ID.sub(rf"\g<0>{name}-", tag[0]), drawing)
    opening = f'<svg role="img" aria-labelledby="{name}-title {name}-told" '
    titled = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-told">{escape(told)}.</desc>'
    )
    head, _, rest = drawing.partition(">")
    return f"{opening}{head.removeprefix('<svg ')}>{titled}{rest}"
