"""The report as one HTML page that needs nothing else: no script, no file, no network.

Law: words of the diary are data. Every one of them goes through `escape`, and the page's own
policy forbids whatever could run or be fetched. It reads as it stands: headings, tables with
captions, plots with a text alternative; printed, it takes two pages of A4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from voicecoach.diary.report.facts import MOST_SPANS, At, Facts
from voicecoach.diary.report.plots import can_plot, doses_plot, pain_plot, sessions_plot
from voicecoach.diary.report.text import (
    ABOUT,
    NO_SCORES,
    NO_STOPS,
    NOTHING_LEFT_OUT,
    adherence_line,
    heading,
    left_out,
    percent,
    seconds,
)
from voicecoach.diary.words import count, kind, place, plain, short, short_moment, span

PRINTED_DOSES, PRINTED_STOPS, PRINTED_LINES = 10, 15, 4
"""Rows of the long tables and lines of the lists that are printed; on a screen all are shown.

So many fit on two pages of A4, also where names are long.
"""

NO_PLOTS = (
    "There are no plots, because the plotting library is missing: "
    "pip install 'voicecoach[report]' brings it. The tables tell the same."
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_CSS = """
:root { color-scheme: light; }
body { margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem; background: #fff; color: #111;
  font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 1.5rem 0 .5rem; }
figure { margin: 0 0 1rem; } figcaption { font-size: .9rem; }
svg { display: block; width: 100%; height: auto; max-width: 42rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1rem; font-size: .95rem; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .15rem .5rem .15rem 0;
  border-bottom: 1px solid #666; }
th { font-weight: 600; } .words { overflow-wrap: anywhere; }
p, li { overflow-wrap: anywhere; }
.paper { display: none; }
@page { size: A4; margin: 12mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; line-height: 1.25; }
  h1 { font-size: 13pt; } h2 { font-size: 10.5pt; margin: 5pt 0 2pt; }
  p, ul { margin: 2pt 0; } table, figure { margin: 0 0 4pt; font-size: 7.5pt; }
  th, td { padding: .5pt 4pt .5pt 0; } tbody th, td { white-space: nowrap; }
  tbody .words { white-space: normal; } figcaption { font-size: 8pt; }
  svg { width: 120mm; height: auto; max-height: 40mm; }
  .pair figure { float: left; width: 44%; } .pair svg { width: 100%; }
  .pair table { float: right; width: 54%; }
  .pair::after { content: ""; display: block; clear: both; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .second { break-before: page; } .screen { display: none; } .paper { display: block; }
}
"""


def page(facts: Facts, written: str) -> str:
    """The whole page. `written` is the day on which it is made, in words."""
    title = f"Exercise diary, {heading(facts)}"
    body = [
        "<header>",
        "<h1>Report of the exercise diary</h1>",
        _p(f"{heading(facts)}. Written {written}."),
        _p(ABOUT),
        "</header>",
        "<main>",
    ]
    if facts.sessions:
        body += [*_sessions(facts), *_doses(facts), *_pain(facts), *_stops(facts), *_rest(facts)]
    else:
        body.append(_p(facts.period.nothing))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title>",
            f"<style>{_CSS}</style>",
            "</head>",
            "<body>",
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _sessions(facts: Facts) -> Iterable[str]:
    yield _h2("Sessions")
    yield from _list([adherence_line(one) for one in facts.adherence], "more routine")
    if not can_plot():
        yield _p(NO_PLOTS)
    yield '<div class="pair">'
    yield _figure(facts, "sessions")
    yield _table(
        "Sessions over time",
        ("Time", "Begun", "Finished", "Prescribed"),
        [(one.name, one.sessions, one.finished, one.prescribed or "none") for one in facts.spans],
    )
    yield "</div>"


def _doses(facts: Facts) -> Iterable[str]:
    yield _h2("Doses")
    yield _figure(facts, "doses")
    rows = [
        (
            short(one.name),
            one.sessions,
            f"{one.reps_done} of {one.reps}" if one.reps else one.reps_done,
            f"{seconds(one.held_ms)} of {seconds(one.ms)}" if one.ms else seconds(one.free_ms),
            f"{percent(one)} %" if one.ms else "none",
            one.left_out,
            one.not_begun,
            one.changes,
        )
        for one in facts.totals
    ]
    head = ("Exercise", "Sessions", "Reps done", "Seconds done", "Share", "Left out")
    yield _table(
        *("What was done of what was prescribed", (*head, "Not begun", "Changes of dose"), rows),
        words=frozenset({0}),
        printed=PRINTED_DOSES,
    )
    if len(rows) > PRINTED_DOSES:
        yield _paper(f"and {count(len(rows) - PRINTED_DOSES, 'more exercise')}")


def _pain(facts: Facts) -> Iterable[str]:
    yield '<section class="second">'
    yield _h2("Pain before and after")
    if facts.scored:
        yield '<div class="pair">'
        yield _figure(facts, "pain")
        yield _table(
            "Pain scores, from 0 to 10: means, and the highest",
            ("Time", "Before", "After", "Highest"),
            [
                (one.name, _mean(one.before), _mean(one.after), _known(one.worst))
                for one in facts.spans
            ],
        )
        yield "</div>"
    else:
        yield _p(NO_SCORES)
    yield "</section>"


def _stops(facts: Facts) -> Iterable[str]:
    yield _h2("Stops")
    if not facts.stops:
        yield _p(NO_STOPS)
        return
    rows = [_stop(at) for at in facts.stops]
    head = ("When", "What", "Where", "Held", "Heard")
    yield _table(
        *("Every stop, the latest first", head, rows),
        words=frozenset({1, 2, 4}),
        printed=PRINTED_STOPS,
    )
    earlier = facts.stops[PRINTED_STOPS:]
    if earlier:
        where = Counter(short(at.stop.exercise) or "between the exercises" for at in earlier)
        told = ", ".join(f"{name} {number}" for name, number in where.most_common(3))
        yield _paper(f"and {count(len(earlier), 'earlier stop')}: {told}")


def _stop(at: At) -> Sequence[object]:
    stop = at.stop
    heard = f"key {plain(stop.words)}" if stop.by == "keys" else short(stop.words)
    held = span(stop.held_ms) if stop.held_ms else "none"
    return short_moment(at.past.began), kind(stop), place(stop), held, heard


def _rest(facts: Facts) -> Iterable[str]:
    yield _h2("Left out")
    told = left_out(facts)
    if told:
        yield from _list(told, "more exercise")
    else:
        yield _p(NOTHING_LEFT_OUT)


# -- pieces ----------------------------------------------------------------------------------


def _figure(facts: Facts, name: str) -> str:
    plots = {"sessions": sessions_plot, "doses": doses_plot, "pain": pain_plot}
    drawing = plots[name](facts) if can_plot() else ""
    return f"<figure>{drawing}</figure>" if drawing else ""


def _h2(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _paper(text: str) -> str:
    """A sentence for the printed page alone: what it leaves out."""
    return f'<p class="paper">{escape(text)}; all of them stand in the page itself.</p>'


def _list(lines: Sequence[str], more: str) -> Iterable[str]:
    yield "<ul>"
    for index, line in enumerate(lines):
        yield f"<li{_beyond(index, PRINTED_LINES)}>{escape(line)}</li>"
    yield "</ul>"
    if len(lines) > PRINTED_LINES:
        yield _paper(f"and {count(len(lines) - PRINTED_LINES, more)}")


def _beyond(index: int, printed: int) -> str:
    return ' class="screen"' if index >= printed else ""


def _table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    words: frozenset[int] = frozenset(),
    printed: int = MOST_SPANS,
) -> str:
    """A table whose first column names its rows. `words`: columns that may hold anything."""
    told = [f"<table><caption>{escape(caption)}</caption>", "<thead><tr>"]
    told += [f'<th scope="col">{escape(name)}</th>' for name in head]
    told.append("</tr></thead><tbody>")
    for index, row in enumerate(rows):
        cells = []
        for column, value in enumerate(row):
            any_words = ' class="words"' if column in words else ""
            text = escape(str(value))
            cells.append(
                f"<td{any_words}>{text}</td>"
                if column
                else f'<th scope="row"{any_words}>{text}</th>'
            )
        told.append(f"<tr{_beyond(index, printed)}>{''.join(cells)}</tr>")
    return "\n".join([*told, "</tbody></table>"])


def _mean(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


def _known(value: int | None) -> str:
    return "none" if value is None else str(value)
