"""Says in words why a span has its role."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kliping.annotation.roles.chain import Weights
from kliping.annotation.roles.codes import FLAG_TEMPLATES, SHAPES, What, When
from kliping.annotation.roles.units import Units
from kliping.annotation.roles.vocabulary import phrases
from kliping.model import ROLES

REASONS = 4
"""So many of a model's reasons are named."""

_RULES = {
    "dateline:prefix": "a dateline opens the body: outlet, place, or both, before the first sentence",
    "dateline:line": "a dateline stands alone on the line before the body",
    "dateline:lines": "a dateline stands on several short lines, closed by a dash, before the body",
    "shape:below-trail": "a line like a title stands between the trail of its sections and the dateline or stamp",
    "split:breadcrumb": "the trail of sections, from the home page on, that a page sets before its title",
    "dateline:inside": "a dateline stands behind what is glued before it on the same line",
    "dateline:gutted": "the dash of a dateline whose words a crawler has lost opens the text",
    "split:end-mark": "an ornament after the last sentence marks its end",
    "split:desk-initials": "initials in brackets after the last sentence are the desk's",
    "split:closing-byline": "a name in brackets closes the text",
    "split:closing-agency": "an agency in brackets closes the text",
    "split:closing-outlet": "an outlet in brackets closes the text",
    "split:glued-pointer": "a pointer to another article stands inside the paragraph",
    "split:glued-label": "the label of pointers to other articles stands inside the paragraph",
    "split:glued-more": "a pointer to the whole of an article stands inside the paragraph",
    "split:glued-navigation": "a button or a script of the page stands inside the paragraph",
    "split:glued-call": "the outlet calls its readers inside the paragraph",
    "split:glued-source": "a note on where the article comes from stands inside the paragraph",
    "split:glued-report": "the line opens with who reports",
    "split:glued-contributors": "those who contributed are named behind the last sentence",
    "split:glued-tags": "topics stand behind their label inside the paragraph",
    "split:glued-interaction": "a button to share or to comment stands inside the paragraph",
    "split:glued-credit": "a picture's credit stands inside the paragraph",
    "split:glued-sides": "left or right in brackets stands inside the paragraph",
    "split:glued-head": "the head of a part of a fact check stands inside the paragraph",
    "split:glued-stamp": "the stamp of the article stands before its text on the same line",
    "split:author-and-outlet": "a person and the outlet stand before the stamp on the same line",
    "split:keywords": "bare keywords stand behind the desk's initials",
    "shape:printed-list": "the sign of a list that a program has printed stands around the text",
    "shape:cell": "the quote of a table's cell stands around the text",
    "split:glued-advertisement": "an advertisement's label stands inside the paragraph",
    "split:glued-embed": "the placeholder of an embedded object stands inside the paragraph",
    "split:glued-paging": "the paging of a longer article stands inside the paragraph",
    "split:glued-byline": "reporter and editor are named behind the last sentence",
    "split:glued-copyright": "a copyright notice is glued to the end of the text",
    "shape:mark": "the line holds nothing but an ornament",
    "shape:call-to-follow": "the line asks the reader to follow the outlet on a channel",
    "shape:agency": "the line after the body names nothing but agencies",
    "shape:capital-name": "a name in capitals stands alone right after the body",
    "shape:stamp": "the only full date with a time that stands before the body",
    "shape:title-repeated": "the page says this title twice, first as its own name and again above the body",
    "page:only-text": "the page has no other text, and an article is never empty",
    "shape:html-tag": "a tag of HTML was left in the text",
    "split:address": "the page's own address stands before its text",
    "split:glued-title": "what stands before the author, the stamp or the dateline is written like a title",
    "shape:media-title": "a title on top tells the medium of its news",
    "shape:credit-first": "the line opens with a photo's credit, medium and name",
    "shape:tweet": "the line ends as an embedded tweet does, with a name and its handle",
    "shape:translated": "a name with its sources in brackets stands right after the body",
    "list:contents": "a table of contents and the headings that it lists",
    "shape:restated": "the line opens as the text below it does and is told again there",
    "list:dated": "an item of a list whose full dates with times come again every few lines: other articles",
    "list:heads": "numbered heads on the page, each over a paragraph of its own",
    "shape:credit-last": "the line closes with a picture's credit, or a credit is glued to its first word",
    "list:pointed": "the title behind a label of pointers on a line of its own",
    "shape:unfinished": "a line of the body that ends in the middle of a sentence",
    "shape:lone-bullet": "a headline behind a lone bullet inside the article",
    "list:entries": "an entry of a list inside the article: an amount, a value, a day, a measure, a match, a step",
    "list:items": "numbered lines one under the other, the items of a list",
    "list:name-and-stamp": "a full name alone beside the stamp of the article",
    "list:stamp": "the outlet's name on the line before its stamp",
    "list:tweet": "the date under an embedded tweet",
    "split:author-and-stamp": "an author and the stamp of the article share a line",
    "shape:table": "a cell of a table inside the article: short lines, most of them numbers in rows",
    "list:caption": "the caption under a photo's credit",
    "list:value": "the value that belongs to the label on the line before",
    "list:rights": "a copyright notice that goes on over several lines",
    "list:trending": "a topic in the site's bar of topics",
    "list:pages": "a page number after the label of the pages",
    "list:topics": "a short line in the list that a topic label opens",
    "list:topics-in-lower-case": "a short line in lower case in the list after the desk's initials",
}

_TEMPLATES = {
    "announced": "a sentence that announces a list",
    "phrase": "what phrase it holds",
    "length": "its length",
    "ending": "how it ends",
    "start": "how it starts",
    "case": "its words and capitals",
    "menu": "a name of menus",
    "function": "its function words",
    "shape": "its shape",
    "phrase-1": "the phrase on the line before",
    "phrase+1": "the phrase on the line after",
    "phrase-2": "the phrase two lines before",
    "shape-1": "its shape after that of the line before",
    "shape+1": "its shape before that of the line after",
    "shapes-around": "the shapes around it",
    "shape-2": "the shape two lines before",
    "shape+2": "the shape two lines after",
    "shapes": "the three shapes in a row",
    "zone": "before, inside or after the body",
    "body-near": "how near paragraphs are",
    "body-before": "how near the paragraph above is",
    "body-after": "how near the paragraph below is",
    "edge": "the first or last lines of the page",
    "third": "how far down the page",
    "page": "the size of the page",
    "page-zone": "the page's size and body",
    "lead": "the last label above and how far",
    "lead-shape": "the last label above",
    "repeat": "a line that the page repeats",
    "blank": "blank lines around it",
    "titled": "whether a title's end was found there",
    "piece": "its place among the pieces of a line",
    "piece-1": "the role decided before it on its line",
    "piece+1": "the role decided after it on its line",
    "dateline": "its place by the dateline",
    "menus": "the share of menu lines on the page",
    "menus-zone": "the share of menu lines and the body",
    "item": "head of a section or item of a list",
    "restated": "how much of it the next line repeats",
    "initials": "its place by the desk's initials",
    "run": "a run of short lines",
    "decided-1": "the role decided before it",
    "decided+1": "the role decided after it",
    "length-1": "the length of the line before",
    "length+1": "the length of the line after",
    "joint-before": "how it follows on from the line before",
    "joint-after": "how the line after follows on",
    "length-ending": "length and ending",
}
_FLAGS = {
    ("when", When.DATE): "a date",
    ("when", When.TIME): "a time",
    ("when", When.WEEKDAY): "a weekday",
    ("when", When.YEAR): "a year",
    ("when", When.ZONE): "a time zone",
    ("when", When.COUNTER): "a counter",
    ("when", When.NO_LETTERS): "no letters",
    ("when", When.AGE): "an age such as `jam lalu`",
    ("what", What.PHOTO_WORD): "a word of photo credits",
    ("what", What.SLASH_NAME): "a slash before a name",
    ("what", What.SIDES): "left or right in brackets",
    ("what", What.BAR): "a bar",
    ("what", What.DOMAIN): "a domain",
    ("what", What.ADDRESS): "an address",
    ("what", What.CREDIT_FIRST): "a credit in front",
    ("what", What.ATTRIBUTION): "a word that reports speech",
    ("what", What.CREDIT_LAST): "a credit at the end",
}
_FLAG_WORDS = {template: _FLAGS[flag] for flag, template in FLAG_TEMPLATES.items()}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the span [start, end) of the page has its role."""

    start: int
    end: int
    role: str
    rule: str
    words: str
    """The rule in words."""
    reasons: tuple[tuple[str, int], ...]
    """For a model's decision what spoke for the role, strongest first, in 256ths; empty for rules."""
    runner_up: str
    """The role that the model would have taken otherwise, or an empty string."""


@cache
def _by_rule() -> dict[str, str]:
    bare = ((phrase, phrase.text.strip(" ([+:")) for phrase in reversed(phrases()))
    return {phrase.rule: f"the phrase “{text}” stands for {phrase.role}" for phrase, text in bare}


def describe(rule: str) -> str:
    """Return a rule of a span in words.

    Raises KeyError for a name that is no rule of this package.

    >>> describe("phrase:baca-juga"), describe("model:paragraph")
    ('the phrase “baca juga” stands for related', 'knowledge, shape, place and neighbours together speak for paragraph')
    """
    kind, _, name = rule.partition(":")
    if kind == "model" and name in ROLES:
        return f"knowledge, shape, place and neighbours together speak for {name}"
    if kind == "markup" and name in ROLES:
        return f"its place in the page's markup is that of {name}"
    return _RULES[rule] if rule in _RULES else _by_rule()[rule]


def explain_unit(page: Units, rows: list[dict[str, int]], path: list[int], index: int, model: Weights) -> Explanation:
    """Explain one unit of a page whose roles are `path`."""
    role = path[index]
    rule = page.rules[index] or f"model:{ROLES[role]}"
    reasons: tuple[tuple[str, int], ...] = ()
    rival = ""
    if not page.rules[index]:
        gains = _gains(rows[index], path, index, model)
        other = max((r for r in range(len(ROLES)) if r != role), key=lambda r: sum(gain[r] for _, gain in gains))
        margins = sorted(
            ((words, gain[role] - gain[other]) for words, gain in gains), key=lambda item: (-item[1], item[0])
        )
        reasons = tuple(item for item in margins if item[1] > 0)[:REASONS]
        rival = ROLES[other]
    return Explanation(page.starts[index], page.ends[index], ROLES[role], rule, describe(rule), reasons, rival)


def _gains(row: dict[str, int], path: list[int], index: int, model: Weights) -> list[tuple[str, list[int]]]:
    gains = []
    for template, table in model.tables.items():
        code = row[template]
        if code < len(table) - 1:
            words = f"{_TEMPLATES[template]} ({SHAPES[code]})" if template == "shape" else _TEMPLATES.get(template, "")
            gains.append((words or f"it {'has' if code else 'lacks'} {_FLAG_WORDS[template]}", table[code].tolist()))
    if index:
        gains.append((f"the line before is {ROLES[path[index - 1]]}", model.transitions[path[index - 1]].tolist()))
    if index + 1 < len(path):
        gains.append((f"the line after is {ROLES[path[index + 1]]}", model.transitions[:, path[index + 1]].tolist()))
    return gains
