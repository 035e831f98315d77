"""Checks what says how sure roles are and what is doubtful: margins by their rule, flags by telling them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kliping.annotation.layers import signals
from kliping.annotation.layers.layer import Article, Rows
from kliping.annotation.places import Places
from kliping.check.incident import Incident
from kliping.corpus.tables import as_segment
from kliping.model import Evidence, Language, Page, Sentence
from kliping.schema import TableRow

MOST = 1000
"""The largest margin, per mille."""
MODEL = "model:"
"""How the rules of what the model decided begin."""


def check_margins(segments: Sequence[TableRow]) -> Iterator[Incident]:
    """Check that segments have a margin exactly where the model decided, and none is beyond the largest."""
    for row in segments:
        margin, decided = row["margin"], row["rule"].startswith(MODEL)
        if (margin is None) == decided or (margin is not None and margin > MOST):
            place = f"segments {row['article_id']}/{row['position']}"
            wanted = f"a number up to {MOST}" if decided else "null"
            yield Incident(
                "margin-mismatch", place, f"margin is {margin}, beside the rule {row['rule']} stands {wanted}"
            )


def check_flags(article: TableRow, raw: str, rows: Mapping[str, Sequence[TableRow]]) -> Iterator[Incident]:
    """Check that an article has the flags that its rows give, and exactly their places are among its evidence."""
    evidence = [Evidence(**{name: row[name] for name in Evidence._fields}) for row in rows["evidence"]]
    given = [item for item in evidence if item.field == signals.FIELD]
    told = _article(article, raw, rows, [item for item in evidence if item.field != signals.FIELD])
    (places,) = signals.find_places([told])
    told = told._replace(found={**told.found, "signals": tuple(places)})
    ((found,),) = signals.find_flags([told])
    place = f"articles {article['article_id']}"
    if (said := tuple(article["flags"])) != found.flags:
        yield Incident("flag-mismatch", place, f"flags are {_list(said)}, the rows give {_list(found.flags)}")
    for item in [item for item in given if item not in places]:
        yield Incident("flag-mismatch", place, f"nothing shows {item.value} at [{item.start}, {item.end})")
    for item in [item for item in places if item not in given]:
        yield Incident("flag-mismatch", place, f"no evidence says {item.value} at [{item.start}, {item.end})")


def _article(
    article: TableRow, raw: str, rows: Mapping[str, Sequence[TableRow]], values: Sequence[Evidence]
) -> Article:
    """The article as the layers of signals saw it."""
    segments = tuple(map(as_segment, rows["segments"]))
    sentences = [Sentence(**{name: row[name] for name in Sentence._fields}) for row in rows.get("sentences", ())]
    spoken = Language(article["language"], article["language_score"])
    found: dict[str, Rows] = {"evidence": tuple(values), "sentences": tuple(sentences), "language": (spoken,)}
    return Article(Page(""), (), segments, article["text"], Places(raw, segments), found=found)


def _list(flags: Sequence[str]) -> str:
    return ", ".join(flags) or "none"
