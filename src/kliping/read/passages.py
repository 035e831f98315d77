"""The running text that a record's field holds: a string, bytes, paragraphs in a list, sentences of tokens.

A string and bytes are the text as they are. Of a list, what is printed in a string included, the innermost lists are
sentences if their members are tokens; the outermost are paragraphs, set apart by a blank line. Tokens are put together
plainly: a blank between two, none before a mark that closes and none behind one that opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kliping import knowledge
from kliping.model import PARAGRAPH_BREAK
from kliping.read import printed
from kliping.read.values import is_empty

_CLOSES = frozenset([",", ".", ";", ":", "!", "?", ")", "]", "}", "%", "”", "’", "…", "...", "''"])
_OPENS = frozenset(["(", "[", "{", "“", "‘", "``", "$"])
_TREEBANK = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
"""How the Penn Treebank's tokenizers write quotes and brackets."""
_DEEPEST = 8
_HEADED = ("headline", "heading", "title", "header", "judul")
_TOLD = ("rendered", "text", "paragraphs", "content", "html", "value", "body", "data", "children", "isi", "teks")
"""Keys of an object in a list of blocks or sections: its heading, and what stands under it."""
_PROSE_WORDS = 40
_PROSE = re.compile(r"[a-z)\"”’][.!?][\"”’)]?(?:\s|$)")
_TAG = re.compile(r"<[^<>]*>")


def passage(value: object) -> str | bytes | None:
    """Return the text that a value holds, None where it holds none.

    A string is returned as it stands, but for a printed list, which is read as the list that it was.
    """
    if isinstance(value, bytes):
        return None if is_empty(value) else value
    if isinstance(value, str):
        listed = printed.printed_members(value) if printed.is_list(value) else None
        return passage(listed) if listed else None if is_empty(value) else value
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list | tuple):
        return None
    members = list(_members(value, 0))
    return PARAGRAPH_BREAK.join(_paragraphs(members)) or None


def _members(value: Sequence[object], depth: int) -> Iterator[object]:
    """Strings and lists of such; an object gives its heading and what it tells."""
    for item in value if depth < _DEEPEST else ():
        if isinstance(item, bytes):
            yield item.decode("utf-8", "replace")
        elif isinstance(item, str):
            if not item.isspace():
                yield item
        elif isinstance(item, list | tuple):
            if within := list(_members(item, depth + 1)):
                yield within
        elif isinstance(item, dict):
            for key in (*_HEADED, *_TOLD):
                inner = item.get(key)
                yield from _members(inner if isinstance(inner, list | tuple) else [inner], depth + 1)


def _paragraphs(members: Sequence[object]) -> list[str]:
    """Paragraphs of a list of strings and lists."""
    if _are_tokens(members):
        return [detokenised([str(token) for token in members])]
    if members and all(isinstance(one, list) and _are_tokens(one) for one in members):
        return [" ".join(detokenised(tokens) for tokens in members if isinstance(tokens, list))]
    return [text for one in members if (text := _joined(one))]


def _joined(member: object) -> str:
    """One paragraph: a string, or sentences."""
    if isinstance(member, list):
        return " ".join(_paragraphs(member))
    return str(member).strip()


def _are_tokens(members: Sequence[object]) -> bool:
    """Whether these are words and signs one by one, as tokenizers give them: none holds a blank."""
    return bool(members) and all(isinstance(one, str) and " " not in one for one in members)


def detokenised(tokens: Sequence[str]) -> str:
    """Return the sentence that these tokens make.

    >>> detokenised(["Harga", "(", "beras", ")", "naik", ",", "``", "mahal", "''", ",", "kata", "Sari", "."])
    'Harga (beras) naik, "mahal", kata Sari.'
    >>> detokenised(["KabarUji", ".", "com", ",", "Palu", ":", "Pukul", "09", ".", "30"])
    'KabarUji.com, Palu: Pukul 09.30'
    """
    text, glued, quoted = "", True, False
    for at, token in enumerate(tokens):
        written = _TREEBANK.get(token, token)
        closes = token in _CLOSES or written in _CLOSES
        if token == '"':
            closes, quoted = quoted, not quoted
        alone = glued or closes
        text += written if alone else f" {written}"
        glued = token in _OPENS or written in _OPENS or (token == '"' and quoted) or _splits_word(tokens, at)
    return text


def _splits_word(tokens: Sequence[str], at: int) -> bool:
    """Whether a full stop stands inside a domain or a number that was cut there."""
    if tokens[at] != "." or not 0 < at < len(tokens) - 1:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    return after in _domain_pieces() or (before.isdigit() and after.isdigit())


@cache
def _domain_pieces() -> frozenset[str]:
    return frozenset(knowledge.load("domains.toml")["pieces"])


def visible_size(value: str | bytes) -> int:
    """Return about how much text a value holds, markup left out: characters, of bytes their number."""
    return len(_TAG.sub("", value)) if isinstance(value, str) and "<" in value else len(value)


def is_prose(value: object) -> bool:
    """Tell whether a string is running text: sentences that end, and more words than a title or a teaser has."""
    if not isinstance(value, str) or value.count(" ") < _PROSE_WORDS:
        return False
    return _PROSE.search(value) is not None
