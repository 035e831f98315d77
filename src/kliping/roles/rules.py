"""Decides by knowledge alone: sure phrases, lone marks, closing brackets, stamps, and the lists that a label opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice, pairwise

from kliping.roles.entries import mark_entries, mark_pointers
from kliping.roles.features import (
    LABEL_WITHIN,
    OPEN_ENDINGS,
    SHAPE_CODES,
    UNIT_TEMPLATES,
    Description,
    describe_unit,
    normal,
)
from kliping.roles.knowledge import Phrase, agencies, phrases, words
from kliping.roles.split import CLOSING, STAMP, closing_role
from kliping.roles.units import Units

LIST_ITEM_LENGTH = 60
"""A topic in a list of topics is shorter than this, in code points."""
TITLE_LENGTH = 20
"""A shorter line may recur by chance, in code points."""
DECK_LENGTH, DECK_OPENING, DECK_OVERLAP = 60, 3, 45
"""A deck has so many code points at least, shares so many first words with the text, so many hundredths of all."""
HEAD_LENGTH, NUMBERED_HEADS, NUMBERED_ITEMS = 80, 2, 3
"""A head is no longer than this, in code points; so many make a listicle, so many items a list."""
DATED_ITEMS, DATED_GAP = 3, 7
"""So many dates, each so many units at most below the one before, are a list of dated articles."""
CALL_LENGTH = 500
"""A longer line calls nobody to follow."""
TABLE_CELLS, CELL_LENGTH = 12, 25
"""A run of fewer cells is no table; a cell is no longer than this, in code points."""
LONE_WORD = 20
"""A line of the first word of a broken phrase is no longer than this, in code points."""
CAPTION_LENGTH, CREDIT_LENGTH, CREDIT_WORDS, ABOVE_BODY = 320, 60, 7, 6
"""A caption and a credit before it are no longer than this, in code points; a credit has so many words at most, and a
caption above the body stands so many units above it at most."""
GLUED_CAPTION_LENGTH = 160
"""A longer line that opens with a glued caption goes on with text."""
POINTER_LENGTH = 160
"""The title of another article is no longer than this, in code points."""
STAMP_LENGTH = 60
"""A stamp in a list is no longer than this, in code points."""

_MARK = re.compile(r"[*#=_~.\-–—()\[\]]{2,60}|\*|Â{1,60}|â{1,60}")
_SPECIAL = re.compile(r"[*#=_~\[\]]|--|\.\.\.|Â|â|––|——")
_WORDY = re.compile(r"[^\W_Ââ]")
_DOMAIN = re.compile(r"\b[\w-]{2,30}\.(?:com|co\.id|id|co|net|tv)\b")
_NUMBER = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)] ?[^\W\d_]")
_WORDS = re.compile(r"[^\W_]{1,60}")
_CONTENTS = ("aftar Isi", "aftar isi", "AFTAR ISI")
_TWEET = re.compile(r".{0,400}— .{2,60} \(@\w{2,20}\)(?: \w{3,9} \d{1,2}, \d{4})?")
_TWEET_DATE = re.compile(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}")
_NAME = re.compile(r":? ?[A-Z][\w.'’]{0,20}(?: [A-Z][\w.'’]{0,20}){0,4},?")
_CREDIT = re.compile(
    r"(?:[A-Za-z-]{3,25}\.(?:COM|CO\.ID|ID|com|co\.id|id)|ANTARA|REUTERS|AFP|AP|PEXELS|UNSPLASH|FREEPIK|SHUTTERSTOCK)"
    r"/[A-Z][\w.' ]{2,40} ?[A-Z]"
)
_TRANSLATED = re.compile(r"[A-Z][\w.' ]{2,40} \((?:Menurut|Dari|Berdasarkan|Mengutip) [^()]{2,60}\)")
_AGENCY_LINE = re.compile(r"[-(\[ ]{0,4}([\w/| ]{2,60}?)[)\] .]{0,4}")
_CAPITAL_NAMES = re.compile(
    r"[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){1,3}(?: ?[|,] ?[A-Z][A-Z.'’]{1,20}(?: [A-Z][A-Z.'’]{0,20}){0,3}){0,3}"
)

_LISTS = {
    "list:topics": "tags",
    "list:topics-in-lower-case": "tags",
    "list:trending": "navigation",
    "list:pages": "navigation",
}
_TOPIC_BARS = frozenset(
    {
        "trending tag",
        "trending tags",
        "trending topic",
        "trending topics",
        "hot topic",
        "hot topics",
        "topik hangat",
        "terhangat",
        "topik untukmu",
        "trending",
    }
)
_ENDING, _WHAT, _SHAPE = (UNIT_TEMPLATES.index(template) for template in ("ending", "what", "shape"))
_PLAIN, _SENTENCE, _QUOTE = (SHAPE_CODES[name] for name in ("plain", "sentence", "quote"))
_DECKS = frozenset({_PLAIN, _SENTENCE, SHAPE_CODES["long-open"]})
_TITLE, _LONG = SHAPE_CODES["title"], SHAPE_CODES["long-open"]


def is_sure(phrase: Phrase, text: str) -> bool:
    """Tell whether the phrase alone decides the unit: a sentence of an article may begin with the same words.

    >>> by_text = {p.text: p for p in phrases() if p.match == "prefix"}
    >>> is_sure(by_text["baca juga"], "Baca juga: Harga Cabai Turun")
    True
    >>> is_sure(by_text["baca juga"], "Baca juga buku-buku itu sebelum ujian dimulai, kata guru mereka kepada murid.")
    False
    """
    if not phrase.sure or len(text) > LABEL_WITHIN:
        return False
    if phrase.match == "exact" or phrase.role in ("copyright", "source", "embed", "advertisement"):
        return True
    after = text[len(phrase.text) :].lstrip()
    return after[:1] == ":" or phrase.text[-1] in ":(" or text[-1] not in '."”' or len(text) < 60


def _calls(text: str) -> bool:
    """Tell whether the unit calls the reader to follow the outlet on a channel."""
    knowledge = words()
    opening = text[:80].casefold().replace("(", " ").replace("-", " ").split(None, 5)[:5]
    if len(text) > CALL_LENGTH or knowledge.calls.isdisjoint(opening):
        return False
    lowered = text.casefold().replace("\u00a0", " ")
    inviting = ("yuk " in lowered or "ayo " in lowered) and bool(_DOMAIN.search(lowered))
    return inviting or any(channel in lowered for channel in knowledge.channels)


def _agencies(text: str) -> bool:
    """Tell whether a line names agencies and nothing else, or agencies and names between bars."""
    match = _AGENCY_LINE.fullmatch(text)
    if not match:
        return False
    parts = [part.strip().casefold() for part in re.split(r"[/|]", match.group(1)) if part.strip()]
    known = sum(part in agencies() for part in parts)
    return known == len(parts) or (known > 0 and "|" in text)


def describe_units(page: Units) -> list[Description]:
    """Describe every unit of a page by its own text."""
    text = page.text
    return [describe_unit(text[start:end]) for start, end in zip(page.starts, page.ends, strict=True)]


def decide(page: Units, described: list[Description]) -> None:
    """Fill in the roles that knowledge decides, each with the rule that did it."""
    roles, sizes = page.roles, page.sizes()
    shapes = [description.codes[_SHAPE] for description in described]
    cores = [i for i, shape in enumerate(shapes) if shape == _PLAIN and not roles[i]]
    first, last = (cores[0], cores[-1]) if cores else (len(page), -1)
    for index, description in enumerate(described):
        if roles[index] or (
            shapes[index] == _PLAIN and sizes[index] > CALL_LENGTH and not description.codes[_WHAT] & 2
        ):
            continue
        role, rule = _decide_one(page, index, description, first, last)
        if role:
            roles[index], page.rules[index] = role, rule
    _deck(page, described)
    if "shape:stamp" in page.rules:
        _only_stamp(page, first)
    loose = len(cores) < len(roles) and [i for i, s in enumerate(shapes) if s != _PLAIN and not roles[i]]
    if loose:
        _credited(page, first, last, sizes)
        _unfinished(page, described, first)
        _pointed(page, described, sizes)
        _title(page, first)
        _contents(page)
        _values(page, described)
        _lists(page, described, first)
        _joined(page, sizes)
    _join_decided(page, first)
    if loose:
        _tables(page, described, first, sizes)
        _dated(page, described, sizes)
        _numbered(page, first, sizes)
        mark_pointers(page, described, first)
        mark_entries(page, described, first, last, sizes)


def _join_decided(page: Units, first: int) -> None:
    """Let what is decided by now speak for the lines beside it."""
    rules = set(page.rules)
    if "copyright" in page.roles:
        _rights(page)
    if "shape:credit-first" in rules:
        _captions(page, first)
    if "shape:stamp" in rules or "shape:tweet" in rules:
        _stamp_lines(page)
    if "split:closing-byline" in rules:
        _foreign(page)


def _decide_one(page: Units, index: int, described: Description, first: int, last: int) -> tuple[str, str]:
    phrase, shape = described.phrase, described.codes[_SHAPE]
    if described.codes[_WHAT] & 2 and _CREDIT.match(page.string(index)):
        return "caption", "shape:credit-first"
    if shape == _PLAIN and (phrase is None or not phrase.sure):
        return ("promotion", "shape:call-to-follow") if _calls(page.string(index)) else ("", "")
    text = page.string(index)
    if not _WORDY.search(text):
        return ("mark", "shape:mark") if _MARK.fullmatch(text) and _SPECIAL.search(text) else ("", "")
    if phrase is not None and is_sure(phrase, text):
        return phrase.role, phrase.rule
    if _calls(text):
        return "promotion", "shape:call-to-follow"
    if "(@" in text and _TWEET.fullmatch(text):
        return "embed", "shape:tweet"
    if index < first < len(page) and phrase is not None and phrase.text == "laporan" and len(text) < 90:
        return "byline", phrase.rule
    if text[0] in "([" and (closing := CLOSING.fullmatch(text)):
        role, rule = closing_role(closing.group(1) or closing.group(2))
        if rule == "split:desk-initials" and index > first and "/" in text:
            return role, rule
        if role and index > last >= 0 and (index - last <= 2 or index >= len(page) - 2):
            return role, rule
    if last >= 0 and index == last + 1:
        if _TRANSLATED.fullmatch(text):
            return "byline", "shape:translated"
        if _agencies(text):
            return "source", "shape:agency"
        if _CAPITAL_NAMES.fullmatch(text) and normal(text) not in words().menu and phrase is None:
            return "byline", "shape:capital-name"
    if index < first < len(page) and STAMP.fullmatch(text):
        return "timestamp", "shape:stamp"
    return "", ""


def _credited(page: Units, first: int, last: int, sizes: Sequence[int]) -> None:
    """Find the captions in and above the body whose credit tells: it closes them, or is glued to an `Ilustrasi`."""
    for index in range(max(0, first - ABOVE_BODY), last):
        if not page.roles[index] and sizes[index] <= CAPTION_LENGTH and _has_credit(page.string(index)):
            page.roles[index], page.rules[index] = "caption", "shape:credit-last"


def _has_credit(text: str) -> bool:
    pictured, _, name = text.rpartition("Foto:")
    if pictured and 0 < len(name.split()) <= CREDIT_WORDS:
        return True
    if text.endswith(")"):
        return _picture_source().match(text, text.rfind("(")) is not None
    glued = text.find("Ilustrasi", 1, CREDIT_LENGTH)
    return glued > 0 and text[glued - 1].isalnum() and len(text) <= GLUED_CAPTION_LENGTH


@cache
def _picture_source() -> re.Pattern[str]:
    """Return what brackets begin with that name a picture's source: `(instagram/rukmini)`, `(Dok. Pemkab)`."""
    return re.compile(rf"\((?i:{'|'.join(sorted(words().picture_sources))})(?:[/:.]| by )")


def _pointed(page: Units, described: Sequence[Description], sizes: Sequence[int]) -> None:
    """Give the title on the line after a lone `Baca juga:` the label's role."""
    for index in range(1, len(page)):
        phrase = described[index - 1].phrase
        if phrase is None or phrase.role != "related" or page.roles[index] or sizes[index] > POINTER_LENGTH:
            continue
        alone = sizes[index - 1] <= len(phrase.text) + 2 and page.string(index - 1)[-1] == ":"
        if alone and page.string(index)[-1] != ".":
            page.roles[index], page.rules[index] = "related", "list:pointed"


def _unfinished(page: Units, described: Sequence[Description], first: int) -> None:
    """Keep the lines of the body that end in the middle of a sentence, as crawlers break one at a link: `Menurut`."""
    opening = page.roles.index("dateline") if "dateline" in page.roles else first
    for index in range(min(first, opening), len(page)):
        open_end = described[index].codes[_ENDING] in OPEN_ENDINGS and described[index].phrase is None
        if open_end and not page.roles[index]:
            last = page.string(index).rpartition(" ")[2]
            if not last.isupper() and last.casefold() in words().unfinished:
                page.roles[index], page.rules[index] = "paragraph", "shape:unfinished"


def _only_stamp(page: Units, first: int) -> None:
    """Take the stamps back where several stand before the body: they date other articles, and the model decides."""
    stamps = [i for i in range(min(first, len(page))) if page.rules[i] == "shape:stamp"]
    if len({page.string(i) for i in stamps}) > 1:
        for i in stamps:
            page.roles[i], page.rules[i] = "", ""


def _title(page: Units, first: int) -> None:
    """Find the title that the page says twice: its first line, with or without a site, and again above the body."""
    if not len(page) or page.roles[0] or first >= len(page):
        return
    title = normal(page.string(0))
    if len(title) > LABEL_WITHIN:
        return
    copies = [
        i for i in range(1, first) if len(text := normal(page.string(i))) >= TITLE_LENGTH and title.startswith(text)
    ]
    if copies and not page.roles[copies[-1]]:
        for index in (0, copies[-1]):
            page.roles[index], page.rules[index] = "headline", "shape:title-repeated"


def _deck(page: Units, described: list[Description]) -> None:
    """Find a deck on the first line: it opens as the next line does, and half of its words come again there."""
    if len(page) < 3 or page.roles[0] or page.roles[1] or described[0].codes[_SHAPE] not in _DECKS:
        return
    if not DECK_LENGTH <= page.ends[0] - page.starts[0] < page.ends[1] - page.starts[1]:
        return
    opening, following = (page.string(i)[:LABEL_WITHIN].casefold() for i in (0, 1))
    if _first_words(opening) != _first_words(following):
        return
    deck, text = _WORDS.findall(opening), _WORDS.findall(following)
    words_ = {word for word in deck if len(word) > 3}
    if deck != text and 100 * len(words_.intersection(text)) >= DECK_OVERLAP * len(words_):
        page.roles[0], page.rules[0] = "subheadline", "shape:restated"


def _first_words(text: str) -> list[str]:
    return [match.group() for match in islice(_WORDS.finditer(text), DECK_OPENING)]


def _contents(page: Units) -> None:
    """Tell a table of contents, whose lines come again, from the headings that it lists."""
    if not any(title in page.text for title in _CONTENTS):
        return
    texts = [normal(page.string(i)) for i in range(len(page))]
    for start in (i for i, text in enumerate(texts) if text == "daftar isi"):
        index = start + 1
        while index < len(page) and texts[index] in texts[index + 1 :] and not page.roles[index]:
            page.roles[index], page.rules[index] = "navigation", "list:contents"
            for copy in range(index + 1, len(page)):
                if texts[copy] == texts[index] and not page.roles[copy]:
                    page.roles[copy], page.rules[copy] = "subheading", "list:contents"
            index += 1


def _values(page: Units, described: list[Description]) -> None:
    """Give the value on the line after a lone label its role: `Penulis` / `: Rukmini`, `Sumber :` / `kabar.id`."""
    for index in range(1, len(page)):
        label = described[index - 1].phrase
        if page.roles[index] or label is None or label.match != "exact" or label.role not in ("byline", "source"):
            continue
        text = page.string(index)
        if label.role == "byline" and _NAME.fullmatch(text):
            page.roles[index - 1], page.rules[index - 1] = label.role, label.rule
            page.roles[index], page.rules[index] = label.role, "list:value"
        elif label.role == "source" and page.roles[index - 1] and len(text) < 40:
            page.roles[index], page.rules[index] = label.role, "list:value"


def _captions(page: Units, first: int) -> None:
    """Join a photo's credit on a line of its own with the caption on the next one, above the body."""
    for index in range(min(first, len(page) - 1)):
        if (
            page.rules[index] == "shape:credit-first"
            and _CREDIT.fullmatch(page.string(index))
            and not page.roles[index + 1]
        ):
            page.roles[index + 1], page.rules[index + 1] = "caption", "list:caption"


def _tables(page: Units, described: list[Description], first: int, sizes: Sequence[int]) -> None:
    """Keep the cells of a table below the start of the body: a long run of short lines, mostly numbers in rows."""
    if len(page) < TABLE_CELLS or sum([size <= CELL_LENGTH for size in sizes]) < TABLE_CELLS:
        return
    start = first + 1
    while start < len(page):
        stop = start
        while stop < len(page) and _is_cell(page, described[stop], stop):
            stop += 1
        numbers = [
            any(c.isdigit() for c in t) and not any(c.isalpha() for c in t)
            for t in map(page.string, range(start, stop))
        ]
        rows = sum(a and b for a, b in pairwise(numbers))
        if stop - start >= TABLE_CELLS and 2 * sum(numbers) >= len(numbers) and 3 * rows >= len(numbers):
            for index in range(start, stop):
                page.roles[index], page.rules[index] = "paragraph", "shape:table"
        start = max(stop, start + 1)


def _numbered(page: Units, first: int, sizes: Sequence[int]) -> None:
    """Tell numbered heads of sections, each over its text, from the numbered items of a list, one under the other."""
    short = [i for i, size in enumerate(sizes) if size <= HEAD_LENGTH and i > first and _is_numbered(page, i)]
    heads = [i for i in short if _is_text(page, i + 1) or (_is_small(page, i + 1) and _is_text(page, i + 2))]
    items = [i for i in short if _is_numbered(page, i + 1) or _is_numbered(page, i - 1)]
    if len(heads) >= NUMBERED_HEADS and not items:
        for index in heads:
            page.roles[index], page.rules[index] = "subheading", "list:heads"
    if len(items) >= NUMBERED_ITEMS:
        for index in items:
            page.roles[index], page.rules[index] = "paragraph", "list:items"


def _is_numbered(page: Units, index: int) -> bool:
    if not 0 <= index < len(page) or page.roles[index] not in ("", "paragraph"):
        return False
    return page.ends[index] - page.starts[index] <= HEAD_LENGTH and _NUMBER.match(page.string(index)) is not None


def _is_small(page: Units, index: int) -> bool:
    """Tell whether a head's photo credit, an advertisement or the like may stand on the line."""
    if index >= len(page) or _is_numbered(page, index):
        return False
    return page.ends[index] - page.starts[index] <= LIST_ITEM_LENGTH


def _is_text(page: Units, index: int) -> bool:
    return index < len(page) and not page.roles[index] and page.ends[index] - page.starts[index] > HEAD_LENGTH


def _dated(page: Units, described: list[Description], sizes: Sequence[int]) -> None:
    """Find lists of other articles by their dates: full dates with a time that come again every few lines."""
    short = [i for i, size in enumerate(sizes) if size <= STAMP_LENGTH and not page.roles[i]]
    stamps = [i for i in short if _is_stamp(page.string(i))]
    start = 0
    while start < len(stamps):
        stop = start + 1
        while stop < len(stamps) and stamps[stop] - stamps[stop - 1] <= DATED_GAP:
            stop += 1
        if stop - start >= DATED_ITEMS:
            step = min(b - a for a, b in pairwise(stamps[start:stop])) - 1
            begin, end = stamps[start], stamps[stop - 1] + 1
            while begin > 0 and stamps[start] - begin < min(step, 2) and _is_loose(page, described, begin - 1):
                begin -= 1
            while end < len(page) and end - stamps[stop - 1] <= min(step, 2) and not page.roles[end]:
                end += 1
            for index in range(begin, end):
                if not page.roles[index]:
                    page.roles[index], page.rules[index] = "related", "list:dated"
        start = stop


def _is_stamp(text: str) -> bool:
    return text[-1] in "0123456789BbAaTt" and STAMP.fullmatch(text) is not None


def _is_loose(page: Units, described: list[Description], index: int) -> bool:
    return not page.roles[index] and described[index].codes[_SHAPE] not in _DECKS


def _is_cell(page: Units, described: Description, index: int) -> bool:
    return (
        not page.roles[index]
        and page.ends[index] - page.starts[index] <= CELL_LENGTH
        and (described.phrase is None or described.phrase.text == "x")
    )


def _stamp_lines(page: Units) -> None:
    """Join what stands on a line of its own by a stamp or a tweet: `Kabar.com` / `- 5/2/2024, 10:15 WIB`, a date."""
    for index in range(1, len(page)):
        rule, text = page.rules[index], page.text[page.starts[index] : min(page.ends[index], page.starts[index] + 40)]
        if rule == "shape:stamp" and text[0] == "-" and _DOMAIN.fullmatch(page.string(index - 1).casefold()):
            page.roles[index - 1], page.rules[index - 1] = "timestamp", "list:stamp"
        elif page.rules[index - 1] == "shape:tweet" and not page.roles[index] and _TWEET_DATE.fullmatch(text):
            page.roles[index], page.rules[index] = "embed", "list:tweet"


def _foreign(page: Units) -> None:
    """Turn a closing byline of another outlet into a source: the dateline names another one."""
    dateline = "".join(normal(page.string(i)) for i in range(len(page)) if page.roles[i] == "dateline")
    for index in range(len(page)):
        domain = _DOMAIN.search(page.string(index).casefold()) if page.rules[index] == "split:closing-byline" else None
        if dateline and domain and domain.group().split(".")[0] not in dateline.replace(" ", ""):
            page.roles[index], page.rules[index] = "source", "split:closing-outlet"


def _rights(page: Units) -> None:
    """Join a copyright notice that links have broken over lines, up to `All rights reserved` or over an open end."""
    for index in range(len(page) - 1):
        if page.roles[index] != "copyright":
            continue
        near = range(index + 1, min(index + 4, len(page)))
        end = next((i for i in near if "rights reserved" in page.string(i).casefold()), 0)
        if not end and page.string(index)[-1] in "-–(":
            end = index + 1
        for i in range(index + 1, end + 1):
            page.roles[i], page.rules[i] = "copyright", "list:rights"


def _lists(page: Units, described: list[Description], first: int) -> None:
    """Give a list's items the role of what opens it: topics after `Tags:`, or in lower case after desk initials."""
    opened = ""
    for index in range(len(page)):
        rule, role = page.rules[index], page.roles[index]
        phrase = described[index].phrase
        if not opened and phrase is None and not rule:
            continue
        text = page.string(index)
        if phrase is not None and role == "navigation" and phrase.text in _TOPIC_BARS:
            opened = "list:trending"
        elif phrase is not None and phrase.text == "halaman" and phrase.match == "exact":
            page.roles[index], page.rules[index] = "navigation", phrase.rule
            opened = "list:pages"
        elif index > first and (
            role == "tags" or (phrase is not None and phrase.role == "tags" and phrase.match == "exact")
        ):
            page.roles[index], page.rules[index] = "tags", rule or (phrase.rule if phrase else "list:topics")
            opened = "list:topics"
        elif rule == "split:desk-initials" and "/" in text:
            opened = "list:topics-in-lower-case"
        elif role or not opened:
            opened = ""
        elif _is_topic(text, described[index], opened) or _is_ranked(page, index, opened):
            page.roles[index], page.rules[index] = _LISTS[opened], opened
        else:
            opened = ""


def _is_ranked(page: Units, index: int, opened: str) -> bool:
    """Tell whether a short line follows its rank in the site's bar of topics."""
    short = page.ends[index] - page.starts[index] < LIST_ITEM_LENGTH
    return short and opened == "list:trending" and page.string(index - 1).isdigit()


def _is_topic(text: str, described: Description, opened: str) -> bool:
    if opened == "list:pages":
        return text.isdigit() or text in ("...", "…")
    if opened == "list:trending":
        return text[0] == "#" or text.isdigit()
    if len(text) >= LIST_ITEM_LENGTH or len(text.split()) > 7 or not any(c.isalpha() for c in text):
        return False
    if opened == "list:topics":
        return described.phrase is None and text[-1] not in '.?!:"'
    return text == text.lower() and text[0].isalpha()


def _joined(page: Units, sizes: Sequence[int]) -> None:
    """Find phrases that links have broken over lines, `Simak` / `breaking news`, and give their sentence one role."""
    for index, size in enumerate(sizes[:-1]):
        if size > LONE_WORD or page.roles[index]:
            continue
        text = normal(page.string(index))
        if text not in _broken():
            continue
        joined = " ".join(normal(page.string(i)) for i in range(index, min(index + 4, len(page))))
        phrase = next((p for p in _broken()[text] if joined.startswith(p.text)), None)
        if phrase is None or phrase.role != "promotion":
            continue
        for i in range(index, min(index + 8, len(page))):
            page.roles[i], page.rules[i] = phrase.role, phrase.rule
            if page.text[page.ends[i] - 1] in ".!":
                break


def _broken() -> dict[str, list[Phrase]]:
    """Return the sure phrases of several words under their first word."""
    if not _BROKEN:
        for phrase in phrases():
            if phrase.sure and phrase.match == "prefix" and " " in phrase.text:
                _BROKEN.setdefault(phrase.text.split()[0], []).append(phrase)
    return _BROKEN


_BROKEN: dict[str, list[Phrase]] = {}
