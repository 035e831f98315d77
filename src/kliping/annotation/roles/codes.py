"""Names the small integer codes by which units are described: one class of names, or one tuple of edges, a template.

The numbers are those of weights.tsv: a code keeps its number, a new one gets the next.
"""

from __future__ import annotations

from kliping.model import ROLES

UNIT_TEMPLATES = ("phrase", "length", "ending", "start", "case", "menu", "function", "when", "what", "shape")
"""What a unit's own text says, in the order of `Description.codes`."""
PHRASE, LENGTH, ENDING, START, CASE, MENU, FUNCTION, WHEN, WHAT, SHAPE = range(len(UNIT_TEMPLATES))
"""Where in `Description.codes` the code of a template stands."""

LENGTHS = (2, 4, 8, 16, 26, 41, 61, 81, 111, 161, 301)
"""Edges of the length buckets, in code points: shape, not fitted; each about half as long again as the one before."""
COUNTS = (1, 2, 3, 5, 8, 12, 18, 30)
"""Edges of the buckets for numbers of words and distances in units."""
MOST_WORDS = 7
"""The last bucket for numbers of words: what a short unit holds beyond it tells nothing more."""

SHAPES = (
    "none",
    "plain",
    "sentence",
    "quote",
    "title",
    "few-words",
    "fragment",
    "numbered",
    "colon",
    "date",
    "number",
    "sign",
    "menu",
    "phrase-related",
    "phrase-furniture",
    "phrase-metadata",
    "caption-like",
    "long-open",
    "name",
    "decided",
    "capitals",
    "announcement",
    "teaser",
)
SHAPE_CODES = {name: code for code, name in enumerate(SHAPES)}
PLAIN = SHAPE_CODES["plain"]

ROLE_CODES = {role: code for code, role in enumerate(ROLES)}


class Beyond:
    """What stands for the code of a unit beyond the first or last of its page, next to the codes that units have."""

    DECIDED = len(ROLES) + 1
    """Of `decided`, where 0 is for no role and the roles count from 1."""
    PHRASE = 1 + 2 * DECIDED
    LENGTH = len(LENGTHS) + 1
    ENDING = 11
    START = 14
    BLANK = 4
    SHAPE = SHAPE_CODES["none"]


class Ending:
    """How a unit ends."""

    STOP = 1
    ASKED = 2
    """A question mark or an exclamation mark."""
    COLON = 3
    COMMA = 4
    """A semicolon, too."""
    BRACKET = 5
    ELLIPSIS = 6
    QUOTE = 7
    DASH = 8
    OPENED = 9
    """A bracket that nothing closes."""
    BARE = 10
    """No sign at all."""
    OPEN = (COMMA, BARE)
    """After these a sentence may go on."""


class Start:
    """How a unit starts."""

    LOWER = 1
    CAPITAL = 2
    NUMBERED = 3
    """`1. Tanah liat`, `a) Air`."""
    QUOTE = 4
    DASH = 5
    """A bullet or an asterisk, too."""
    HASH = 6
    BRACKET = 7
    SQUARE = 8
    BAR = 9
    """A slash, an arrow or a plus, too."""
    AT = 10
    SIGN = 11
    """A sign that follows a word."""
    DIGIT = 12
    OTHER = 13
    GOING_ON = (LOWER, SIGN)
    """With these a sentence goes on."""


class Case:
    """How many words of a unit have a capital: a level and the number of words, in one code."""

    LEVELS = (1, 4, 7, 10)
    """Edges of the levels, in tenths of the words; the level above the last is all capitals."""
    MOST = 3
    """The level from which on most words have one."""
    CAPITALS = 5
    WORDS = MOST_WORDS + 1
    """How many codes a level has."""

    @staticmethod
    def level(code: int) -> int:
        """Return the level of a code."""
        return (code - 1) // Case.WORDS


class Menu:
    """Whether a unit is a name of menus, or a few words that begin with one."""

    NAME = 1
    BEGINS = 2


class When:
    """The flags of `when`: what a unit says of days and times, and the counters that look like them."""

    DATE = 1
    TIME = 2
    WEEKDAY = 4
    YEAR = 8
    ZONE = 16
    COUNTER = 32
    NO_LETTERS = 64
    AGE = 128
    """`3 jam lalu`."""


class What:
    """The flags of `what`: signs of credits, addresses and reported speech."""

    PHOTO_WORD = 1
    SLASH_NAME = 2
    """`kabarlembah.com/Rukmini`."""
    SIDES = 4
    """`(kiri)`, `(tengah)`."""
    BAR = 8
    DOMAIN = 16
    ADDRESS = 32
    CREDIT_FIRST = 64
    ATTRIBUTION = 128
    CREDIT_LAST = 256


class Zone:
    """Where on its page a unit stands."""

    NO_BODY = 0
    ABOVE = 1
    BODY = 2
    BELOW = 3
    UNDER_TITLE = 4
    """Above the body and under the title that the page says twice."""


class Repeat:
    """Whether a line comes again on its page."""

    FIRST = 1
    LATER = 2
    TITLE_COPY = 3
    TITLE = 4
    BESIDE = 5
    """It stands beside its copy, as the titles of videos do."""


class Announced:
    """Whether a sentence of the body announces a unit: `Syaratnya antara lain:`."""

    ITEM = 1
    ALIKE = 2
    """One of several items of the same shape, one under the other."""


_FLAGS = {"when": When, "what": What}
FLAG_TEMPLATES = {
    (name, flag): f"{name}{flag.bit_length() - 1}"
    for name, flags in _FLAGS.items()
    for flag_name, flag in vars(flags).items()
    if flag_name.isupper()
}
"""Each flag is a template of its own, named by its bit: `what4` is `What.DOMAIN`."""
