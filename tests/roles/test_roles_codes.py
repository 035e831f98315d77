"""The codes and passes of the roles: every number has a name, every decision one writer."""

import ast
import csv
from pathlib import Path

import pytest

from kliping.annotation import roles
from kliping.annotation.roles import codes, explanation
from kliping.annotation.roles.chain import weights
from kliping.annotation.roles.features import phrase_code
from kliping.annotation.roles.rules import PASSES
from kliping.annotation.roles.units import Units
from kliping.annotation.roles.vocabulary import Phrase
from kliping.model import ROLE_GROUPS, ROLES

VOCABULARY = Path(__file__).parents[2] / "schema" / "vocabularies" / "roles.csv"
MODULES = sorted(Path(roles.__file__).parent.glob("*.py"))


def names(of: type) -> dict[str, int]:
    return {name: code for name, code in vars(of).items() if name.isupper() and isinstance(code, int)}


def test_the_groups_are_those_of_the_vocabulary() -> None:
    rows = list(csv.DictReader(VOCABULARY.read_text("utf-8").splitlines()))
    groups = {group: tuple(row["name"] for row in rows if row["group"] == group) for group in ROLE_GROUPS}
    assert groups == ROLE_GROUPS
    assert tuple(row["name"] for row in rows) == ROLES


def test_no_unit_has_the_code_of_a_unit_beyond_the_page() -> None:
    phrases = {phrase_code(Phrase("x", "exact", role, sure)) for role in ROLES for sure in (True, False)}
    assert max(phrases) < codes.Beyond.PHRASE
    assert len(ROLES) < codes.Beyond.DECIDED
    assert len(codes.LENGTHS) < codes.Beyond.LENGTH
    assert max(names(codes.Ending).values()) < codes.Beyond.ENDING
    assert max(names(codes.Start).values()) < codes.Beyond.START


@pytest.mark.parametrize("flags", [codes.When, codes.What])
def test_each_flag_is_a_bit_of_its_own(flags: type) -> None:
    assert sorted(names(flags).values()) == [1 << bit for bit in range(len(names(flags)))]


@pytest.mark.parametrize("codes_", [codes.Ending, codes.Start, codes.Zone, codes.Repeat, codes.Announced])
def test_no_two_codes_are_the_same(codes_: type) -> None:
    assert len(set(names(codes_).values())) == len(names(codes_))


def test_every_template_has_words() -> None:
    assert set(weights().tables) <= {*explanation._TEMPLATES, *explanation._FLAG_WORDS}


def test_every_pass_stands_once_and_says_why() -> None:
    assert len({step.run for step in PASSES}) == len(PASSES)
    assert all(step.why for step in PASSES)


def test_a_unit_is_cut_decided_and_reopened() -> None:
    page = Units("Kupang -  Harga")
    page.add(0, len(page.text), 0, 0)
    page.cut(0, len("Kupang -"))
    page.decide(0, "dateline", "dateline:prefix")
    assert [page.string(i) for i in range(len(page))] == ["Kupang -", "Harga"]
    assert (page.roles, page.rules, page.blanks) == (["dateline", ""], ["dateline:prefix", ""], [0, -1])
    page.reopen(0)
    page.join(1)
    assert (page.string(0), page.roles, page.rules) == (page.text, [""], [""])


def test_a_cut_at_the_end_leaves_nothing_behind() -> None:
    page = Units("Kupang - ")
    page.add(0, len("Kupang -"), 0, 0)
    page.cut(0, len("Kupang -"))
    assert len(page) == 1


def written(tree: ast.AST) -> set[str]:
    """The attributes whose elements a module assigns to."""
    targets = (t for node in ast.walk(tree) if isinstance(node, ast.Assign) for t in node.targets)
    elements = (e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t]))
    return {e.value.attr for e in elements if isinstance(e, ast.Subscript) and isinstance(e.value, ast.Attribute)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_decisions_have_one_writer(path: Path) -> None:
    wrote = {"roles", "rules"} & written(ast.parse(path.read_text("utf-8")))
    assert bool(wrote) == (path.name == "units.py")
