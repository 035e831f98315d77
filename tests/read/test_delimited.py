"""Tables of commas, semicolons, tabs or pipes are read row by row, and a broken row costs itself alone."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.inputs import HEADER, STORY, details, read_file, reasons, rows, story, table, texts

from kliping.model import RawDocument
from kliping.read import Options, streams
from kliping.read.delimited import dialect

delimited = importlib.import_module("kliping.read.delimited")
COMMA = table(HEADER, *rows())


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["berita.csv", "berita.txt", "berita"])
def test_every_delimiter_is_told_whatever_the_name(delimiter: str, name: str, tmp_path: Path) -> None:
    items = read_file(tmp_path / name, table(HEADER, *rows(), delimiter=delimiter))
    assert texts(items) == {f"{name}#1": story(1), f"{name}#2": story(2)}
    assert isinstance(items[0], RawDocument)
    assert [(value.field, value.value) for value in items[0].metadata] == [
        ("headline", "Nelayan melaut 1"), ("published_date", "2023-03-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        COMMA.encode("utf-8-sig"), COMMA.encode("cp1252"), COMMA.encode("utf-16"), COMMA.encode("utf-16-le"),
        COMMA.encode("utf-16-be"), COMMA.replace("\n", "\r\n").encode(), COMMA.replace("\n", "\r").encode(),
        b"sep=,\r\n" + COMMA.encode(), b"\n\n" + COMMA.encode(), COMMA.replace(",", ", ").encode(),
    ],
    ids=["mark", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "crlf", "cr", "sep=", "blank lines", "blanks"],
)  # fmt: skip
def test_every_encoding_and_line_end(data: bytes, tmp_path: Path) -> None:
    found = texts(read_file(tmp_path / "a.csv", data))
    assert list(found) == ["a.csv#1", "a.csv#2"]
    assert all(text.startswith("PALU, ") and text.endswith("melaut.") for text in found.values())
    assert all("–" in text for text in found.values())


def test_a_row_of_another_encoding_among_utf_8_is_read_too(tmp_path: Path) -> None:
    data = COMMA.encode() + f"Lain,2023,{quoted(story(3))}\n".encode("cp1252")
    assert texts(read_file(tmp_path / "a.csv", data))["a.csv#3"] == story(3)


def test_line_feeds_quotes_and_delimiters_inside_cells(tmp_path: Path) -> None:
    body = 'Paragraf, satu; dua.\n\n"Kutipan," kata dia.\nbaris,dengan,koma\n'
    items = read_file(tmp_path / "a.csv", table(["judul", "isi"], ["A", body], ["B", story(1)]))
    assert texts(items) == {"a.csv#1": body, "a.csv#2": story(1)}


def test_quotes_escaped_by_backslashes(tmp_path: Path) -> None:
    data = f'judul,isi\n"A","Ia \\"baik\\", kata dia. {STORY}"\n"B","{STORY}"\n'
    assert texts(read_file(tmp_path / "a.csv", data))["a.csv#1"] == f'Ia "baik", kata dia. {STORY}'


def test_quotes_of_a_home_made_writer_are_kept_where_they_can_only_be_read_in_one_way(tmp_path: Path) -> None:
    data = f'judul,isi\nA,"Ia "baik" kata dia. {STORY}"\nB,"Ia "pergi", lalu datang"\nC,{quoted(STORY)}\n'
    items = read_file(tmp_path / "a.csv", data)
    assert texts(items) == {"a.csv#1": f'Ia "baik" kata dia. {STORY}', "a.csv#3": STORY}
    assert reasons(items) == {"a.csv#2": "broken-record"}


def test_in_a_table_of_tabs_a_lone_quote_is_a_character(tmp_path: Path) -> None:
    data = f'judul\tisi\nA\t"Naik" kata dia. {STORY}\nB\t{STORY}\n'
    assert texts(read_file(tmp_path / "a.tsv", data))["a.tsv#1"] == f'"Naik" kata dia. {STORY}'


@pytest.mark.parametrize("at", range(1, 6))
def test_a_quote_without_its_end_costs_its_own_row(at: int, tmp_path: Path) -> None:
    lines = [f"{n},Judul,{quoted(story(n))}" for n in range(1, 7)]
    lines[at - 1] = f'{at},Judul,"{story(at)}\nKalimat lain, dengan koma, dua.'
    items = read_file(tmp_path / "a.csv", "id,judul,isi\n" + "\n".join(lines) + "\n")
    assert reasons(items) == {f"a.csv#{at}": "broken-record"}
    assert texts(items) == {f"a.csv#{n}": story(n) for n in range(1, 7) if n != at}
    assert f"lines {at + 1} to {at + 2}." in details(items)


def test_the_last_row_without_its_end_is_broken(tmp_path: Path) -> None:
    items = read_file(tmp_path / "a.csv", COMMA + 'C,2023-01-01,"putus di tengah')
    assert reasons(items) == {"a.csv#3": "broken-record"}


def test_too_many_and_too_few_cells_cost_their_rows(tmp_path: Path) -> None:
    lines = [f"A,{quoted(STORY)},x", f"B,{quoted(STORY)}", "C,a,b,c,d", f"D,{quoted(STORY)},x,,"]
    items = read_file(tmp_path / "a.csv", "judul,isi,url\n" + "\n".join(lines))
    assert reasons(items) == {"a.csv#2": "broken-record", "a.csv#3": "broken-record"}
    assert details(items) == (
        "The row has 2 cells where 3 belong. It stands in line 3.\n"
        "The row has 5 cells where 3 belong. It stands in line 4."
    )
    assert list(texts(items)) == ["a.csv#1", "a.csv#4"]


def test_a_text_that_runs_on_without_quotes_is_not_cut_in_silence(tmp_path: Path) -> None:
    data = f"url,isi\nhttp://a.example/1,Baris satu\nBaris dua\nhttp://a.example/2,{quoted(STORY)}\n"
    items = read_file(tmp_path / "a.csv", data)
    assert reasons(items) == {"a.csv#1": "broken-record"}
    assert texts(items) == {"a.csv#2": STORY}


def test_a_quote_that_never_ends_is_looked_for_so_far_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_LONGEST_SPAN", 2000)
    lines = [f"{n},Judul,{story(n)}".replace(", ", " ") for n in range(1, 60)]
    data = 'id,judul,isi\n0,Judul,"tanpa akhir\n' + "\n".join(lines)
    items = read_file(tmp_path / "a.csv", data)
    assert reasons(items) == {"a.csv#1": "broken-record"}
    assert len(texts(items)) == 59


def test_a_line_that_is_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_LONGEST_LINE", 3 * streams.CHUNK)
    data = table(["judul", "isi"], ["A", STORY], ["B", "x" * (4 * streams.CHUNK)], ["C", STORY])
    items = read_file(tmp_path / "a.csv", data)
    assert reasons(items) == {"a.csv#2": "too-large"}
    assert list(texts(items)) == ["a.csv#1", "a.csv#3"]


def test_bytes_that_are_no_text_cost_their_row(tmp_path: Path) -> None:
    items = read_file(
        tmp_path / "a.csv", table(HEADER, *rows(9)).encode() + b"C,2023-01-01," + bytes(range(128, 256)) * 4
    )
    assert reasons(items) == {"a.csv#10": "broken-record"}
    assert len(texts(items)) == 9


def test_columns_of_one_name_and_without_a_name(tmp_path: Path) -> None:
    data = table(["", "isi", "judul", "isi"], [0, story(1), "A", "lain"], [1, story(2), "B", "lain"])
    items = read_file(tmp_path / "a.csv", data)
    assert texts(items) == {"a.csv#1": story(1), "a.csv#2": story(2)}
    assert texts(read_file(tmp_path / "a.csv", data, text_field="isi (2)"))["a.csv#1"] == "lain"


def test_a_table_without_a_header_has_the_one_column_of_long_texts(tmp_path: Path) -> None:
    for name in ("a.csv", "a.txt"):
        assert texts(read_file(tmp_path / name, table(*rows(4)))) == {f"{name}#{n}": story(n) for n in range(1, 5)}
    twice = table(*([*row, row[2]] for row in rows(4)))
    assert reasons(read_file(tmp_path / "b.csv", twice)) == {"b.csv": "no-text-field"}
    assert texts(read_file(tmp_path / "b.csv", twice, text_field="column 3"))["b.csv#1"] == story(1)


def test_a_table_of_one_column(tmp_path: Path) -> None:
    lines = [story(n) for n in range(1, 4)]
    expected = {f"a.csv#{n}": story(n) for n in range(1, 4)}
    assert texts(read_file(tmp_path / "a.csv", table(["isi"], *([line] for line in lines)))) == expected
    assert texts(read_file(tmp_path / "a.csv", "isi\n" + "\n".join(lines))) == expected
    assert len(texts(read_file(tmp_path / "a.txt", table(["text"], *([line] for line in lines))))) == 3


def test_a_field_that_is_named_makes_a_header(tmp_path: Path) -> None:
    data = table(["kepala", "warta"], *([f"J{n}", story(n)] for n in range(3)))
    assert len(texts(read_file(tmp_path / "a.dat", data, text_field="warta"))) == 3


def test_a_header_alone_is_empty(tmp_path: Path) -> None:
    assert reasons(read_file(tmp_path / "a.csv", "judul,isi\n")) == {"a.csv": "empty"}


PROSE = {
    "title with commas": f"Harga beras, cabai, dan bawang naik\n\n{STORY}\n\nIa berkata, harga, kata dia, turun.\n",
    "lists of names": "Jakarta, Bandung, Surabaya\nMedan, Palu, Poso\nAmbon, Ternate, Manado\n",
    "verses": "Aku, kau\nDia, kita\nMereka, semua\nSatu, dua\n",
    "a table in a text": f"{story(1)}\n\nNo\tKota\tHarga\n1\tPalu\t100\n2\tPoso\t200\n\n{story(2)}\n",
    "semicolons": "Menetapkan:\n1. Pasal 3 ayat (2);\n2. Pasal 4 ayat (1) huruf a;\n3. Pasal 5;\n",
    "a menu of pipes": f"Beranda | Ekonomi | Olahraga\n{story(1)}\nTentang Kami | Redaksi\n",
    "a section above": f"Berita\n\n{story(1)}\n{story(2)}\n",
    "labels": f"Judul: Nelayan melaut\nTanggal: 1 Maret 2023\nIsi: {story(1)}\n",
}


@pytest.mark.parametrize("prose", PROSE.values(), ids=PROSE)
def test_prose_with_delimiters_is_no_table(prose: str, tmp_path: Path) -> None:
    assert dialect(prose, "a.txt", Options()) is None
    assert texts(read_file(tmp_path / "a.txt", prose)) == {"a.txt": prose}


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_comes_back(tmp_path_factory, lines, delimiter: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("a") / "a.csv"
    told = [(f"http://a.example/{n}", f"J{head}", f"isi {body}") for n, (head, body) in enumerate(lines)]
    items = read_file(path, table(["url", "judul", "isi"], *told, delimiter=delimiter))
    assert list(texts(items).values()) == [body for _, _, body in told]


def test_an_article_under_the_name_of_a_table_is_one_article(tmp_path: Path) -> None:
    article = f"Nelayan melaut\n\n{story(1)}\n\n{story(2)}\n"
    assert texts(read_file(tmp_path / "a.csv", article)) == {"a.csv": article}
