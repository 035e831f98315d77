"""What card, Croissant file and datasheet say in the same words: stated once, figures always from the manifest."""

from __future__ import annotations

from kliping.corpus.manifest import Manifest

NOT_STATED = "not stated"
"""In the place of whatever the curators of a corpus say nothing about."""
UNTITLED = "a corpus of Indonesian news"
SUMMARY = (
    "Indonesian news articles cut out of crawled pages: headline, body, outlet, date and author, with every character "
    "of the raw page accounted for and every value tied to the raw text that proves it."
)
LIMITS = (
    "Roles and metadata follow rules for Indonesian news; pages laid out unlike any that they know are read worse.",
    "A value that nothing in the page proves is left out, so missing values are common and not random: small outlets "
    "and pages without bylines have more of them.",
)
BIASES = (
    "Which outlets and days are in the corpus is decided by whoever collected the input, not by a sampling plan; "
    "the table `domains` shows the result.",
    "News favours capitals, officials and conflict; machine-translated agency copy is found in it too.",
)
PERSONAL = (
    "News names persons: in the text, and as authors and editors in columns of their own. Nothing was made anonymous."
)
PROCESSING = (
    "Each input is read, decoded, repaired, cut into spans, and every span gets a role; metadata is read off the "
    "spans, with evidence; the body's language is detected and its sentences are cut."
)
MAINTENANCE = (
    "Versions follow SemVer as Croissant 1.1 reads it: PATCH for the same data stored differently, MINOR for records "
    "or fields added, MAJOR for records edited or removed. A takedown removes the record for good and makes a MAJOR "
    "version."
)


def annotators(manifest: Manifest) -> str:
    """Return who annotated the corpus: a program, and how many corrections of it by persons stand in it."""
    count = sum(manifest["statistics"].get("corrected", {}).values())
    if not count:
        return "All annotations are automatic; no person corrected them."
    is_one = count == 1
    return (
        f"All annotations are automatic but for {count:,} correction{'' if is_one else 's'} by persons: the table "
        f"`corrections` has {'it' if is_one else 'them'}, with who made {'it' if is_one else 'each'} and when."
    )


def inferred_dates(manifest: Manifest) -> str:
    """Return the warning about inferred dates, with the measured figures where the manifest's `quality` has them.

    `quality["inferred_dates"]` holds counts: the labelled `pages` whose true day the crawler kept and for which a day
    was inferred, on how many it was the `same_day`, and on how many `within_a_day`.
    """
    warning = (
        "A `published_date` with `published_basis` = `inferred` is an estimate: the latest day that the body tells of. "
        "Do not use it as the day of publication without saying so."
    )
    measured = (manifest["quality"] or {}).get("inferred_dates")
    if not measured:
        return f"{warning} How often it is right has not been measured for this release."
    return (
        f"{warning} On {measured['pages']} labelled pages whose true day is known, the inferred day was right on "
        f"{measured['same_day']} and within a day of it on {measured['within_a_day']}."
    )
