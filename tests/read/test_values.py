"""The values of fields: what is empty, where markup begins, what a printed list held, which field is the text."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping import knowledge
from kliping.model import InputValue, RawDocument, Refusal
from kliping.read import Options, html
from kliping.read.fields import TEXT
from kliping.read.fragments import fragment
from kliping.read.options import MAX_RECORD_BYTES
from kliping.read.passages import detokenised, passage
from kliping.read.printed import is_list, printed_members
from kliping.read.records import read_fields, record_document
from kliping.read.values import is_empty, leads_to_a_page, line, lines_of

FIRST = "Nelayan kembali melaut setelah badai reda, kata ketua koperasi di pelabuhan. Harga ikan mulai turun lagi."
LONG = " ".join([FIRST] * 4)


def document(record: dict[str, object], options: Options = Options()) -> RawDocument:  # noqa: B008
    one = record_document(record, "x#1", options)
    assert isinstance(one, RawDocument), one
    return one


def refusal(record: dict[str, object], options: Options = Options()) -> Refusal:  # noqa: B008
    one = record_document(record, "x#1", options)
    assert isinstance(one, Refusal), one
    return one


def text_of(record: dict[str, object], options: Options = Options()) -> str:  # noqa: B008
    return document(record, options).data.decode()


def told(record: dict[str, object], column: str, options: Options = Options()) -> list[str]:  # noqa: B008
    return [value.value for value in document(record, options).metadata if value.field == column]


EMPTY = [
    "nan",
    "NaN",
    "None",
    "null",
    "NULL",
    "[Removed]",
    "[deleted]",
    "-",
    "--",
    " – ",
    "N/A",
    "#N/A",
    "",
    " \n",
    "[]",
    "{}",
    "...",
]


@pytest.mark.parametrize("value", [*EMPTY, None, float("nan"), [], {}, b"", b" ", b"nan"])
def test_a_word_for_nothing_is_nothing(value: object) -> None:
    assert is_empty(value)
    record = {
        "text": FIRST,
        "title": value,
        "author": value,
        "source": value,
        "url": value,
        "date": value,
        "tags": value,
    }
    assert (document(record).metadata, document(record).url) == ((), None)
    assert text_of({"text": value, "content": FIRST}) == FIRST
    assert refusal({"text": value, "title": "Nelayan"}).reason == ("no-text-field" if value is None else "empty")


@pytest.mark.parametrize("value", ["Nan Wei", "Nona Manis", "Nihil", "0", "A-1", "[Foto] Pasar", 0, False])
def test_what_only_looks_like_nothing_is_something(value: object) -> None:
    assert not is_empty(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Andi &amp; Budi", "Andi & Budi"),
        ("&#8220;Naik&#8221; &#x2013; Turun", "“Naik” – Turun"),
        ("Satu &amp;amp; Dua", "Satu & Dua"),
        ("Harga&nbsp;Beras", "Harga Beras"),
        ("R&D dan AT&T", "R&D dan AT&T"),
        ("5 < 6 dan 7 > 3", "5 < 6 dan 7 > 3"),
        ("<b>Banjir</b> di <i>Kota</i>", "Banjir di Kota"),
        ("Baris\nsatu\t dua", "Baris satu dua"),
        ("Tes &tidakada; ini", "Tes &tidakada; ini"),
    ],
)
def test_titles_have_their_entities_resolved(text: str, expected: str) -> None:
    assert line(text) == expected
    assert told({"text": FIRST, "title": text}, "headline") == [expected]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>{FIRST}</p><p>Ombak tenang.</p>", f"{FIRST}\nOmbak tenang."),
        (f"{FIRST}<br>Ombak tenang.<br/>Ikan banyak.", f"{FIRST}\nOmbak tenang.\nIkan banyak."),
        (f"<div class='isi'>{FIRST}</div>", FIRST),
        (f"{FIRST} <b>Ombak</b> tenang.", f"{FIRST} Ombak tenang."),
        (f"{FIRST}\n\nOmbak <strong>tenang</strong>.", f"{FIRST}\nOmbak tenang."),
        (f"{FIRST}\n<h2>Ombak</h2>\nIkan banyak.\nSelesai.", f"{FIRST}\nOmbak\nIkan banyak.\nSelesai."),
        (f"<!-- wp:paragraph -->\n<p>{FIRST}</p>\n<!-- /wp:paragraph -->", FIRST),
        (f"<p>Andi &amp; Budi. {FIRST}</p><script>var a = 1;</script>", f"Andi & Budi. {FIRST}"),
        (f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;Andi &amp;amp; Budi.&lt;/p&gt;", f"{FIRST}\nAndi & Budi."),
        (f'{FIRST} <a href="https://a.example/b">Baca ini</a>', f"{FIRST} Baca ini"),
    ],
)
def test_markup_is_read_as_the_page_it_is_a_part_of(markup: str, expected: str) -> None:
    one = document({"text": markup}, Options(keep_source=True))
    assert one.data.decode() == expected
    assert one.extractor is not None
    assert one.source is not None
    again = html.again(one.source, one.extractor)
    assert (again.text, again.line_tags) == (expected, one.line_tags)


@pytest.mark.parametrize(
    "text",
    [
        "Jika a < b dan b > c, maka a < c.",
        "Tulis ke <redaksi@kabaruji.example> ya.",
        "Skor 3<5 & 7>2 kemarin.",
        "Andi &amp; Budi pergi &#8211; pulang.",
        "Kata <Tribun> itu tak jelas.",
        "Ia menulis <3 di dinding.",
        "<<Awal>> cerita",
        "Nilai p<0,05 dan n>30.",
        "Tanda <b> tanpa penutup.",
    ],
)
def test_signs_and_entities_alone_are_no_markup(text: str) -> None:
    assert fragment(text) is None
    one = document({"text": f"{text} {FIRST}"})
    assert (one.data.decode(), one.extractor) == (f"{text} {FIRST}", None)


def test_a_page_in_a_field_brings_its_own_metadata_behind_the_record_s() -> None:
    page = f'<html><head><title>Judul Laman</title><link rel="canonical" href="https://a.example/b"></head><p>{FIRST}</p></html>'
    one = document({"html": page, "title": "Judul Catatan"})
    assert one.url == "https://a.example/b"
    assert [v.value for v in one.metadata if v.field == "headline"] == ["Judul Catatan", "Judul Laman"]
    assert text_of({"html": page, "text": FIRST}) == FIRST


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["Satu dua.", "Tiga empat."], "Satu dua.\n\nTiga empat."),
        ([["Harga", "naik", "."], ["Warga", "resah", "."]], "Harga naik. Warga resah."),
        (
            [[["Harga", "naik", "."], ["Warga", "resah", "."]], [["Selesai", "."]]],
            "Harga naik. Warga resah.\n\nSelesai.",
        ),
        (
            [["Kalimat satu ini.", "Kalimat dua ini."], ["Paragraf dua ini."]],
            "Kalimat satu ini. Kalimat dua ini.\n\nParagraf dua ini.",
        ),
        (["Harga", "beras", "naik", "."], "Harga beras naik."),
        (
            [
                {"type": "paragraph", "data": {"text": "Satu dua."}},
                {"type": "paragraph", "data": {"text": "Tiga empat."}},
            ],
            "Satu dua.\n\nTiga empat.",
        ),
        ("['Satu dua.', 'Tiga empat.']", "Satu dua.\n\nTiga empat."),
        ('["Satu \\u201cdua\\u201d.", "Tiga."]', "Satu “dua”.\n\nTiga."),
        ("['Satu dua.'\n 'Tiga empat.']", "Satu dua.\n\nTiga empat."),
        (["Satu dua.", None, "  ", 3, "Tiga empat."], "Satu dua.\n\nTiga empat."),
        ("[Foto] Pasar ikan ramai.", "[Foto] Pasar ikan ramai."),
        ("('Kutipan', katanya.", "('Kutipan', katanya."),
        (3, None),
        (None, None),
        ([], None),
        ([[]], None),
        ({"a": 1}, None),
        (b"Satu", b"Satu"),
    ],
)
def test_the_text_that_a_value_holds(value: object, expected: str | bytes | None) -> None:
    assert passage(value) == expected


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ("Harga ( beras ) naik , kata Sari .", "Harga (beras) naik, kata Sari."),
        ('" Kami siap , " kata Rina .', '"Kami siap," kata Rina.'),
        ("`` Kami siap , '' kata Rina .", '"Kami siap," kata Rina.'),
        ("“ Kami siap , ” kata Rina .", "“Kami siap,” kata Rina."),
        ("Liputan6 . com , Palu : Pukul 09 . 30 WITA", "Liputan6.com, Palu: Pukul 09.30 WITA"),
        ("Tahun 2001 , 2002 , dan 2003 .", "Tahun 2001, 2002, dan 2003."),
        ("Naik 10 % -LRB- lihat tabel -RRB- .", "Naik 10% (lihat tabel)."),
        ("negara-negara itu ... pergi !", "negara-negara itu... pergi!"),
    ],
)
def test_tokens_become_a_sentence(tokens: str, expected: str) -> None:
    assert detokenised(tokens.split()) == expected


@given(st.recursive(st.text(max_size=8), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_a_printed_list_is_the_list_that_was_printed(value: object) -> None:
    if isinstance(value, list):
        for text in (repr(value), json.dumps(value), json.dumps(value, ensure_ascii=False)):
            if is_list(text) and (found := printed_members(text)) is not None:
                assert found == value


@given(st.text(st.sampled_from("['\"],( )\\nau0b1"), max_size=40))
def test_what_is_no_printed_list_stays_a_text(text: str) -> None:
    assert passage(text) is None or printed_members(text) or passage(text) == text


@pytest.mark.parametrize(
    "field",
    [
        "isi_berita",
        "artikel",
        "berita",
        "teks",
        "narasi",
        "article_content",
        "clean_text",
        "body",
        "maintext",
        "paragraphs",
        "Isi Berita",
        "fullText",
        "Article Text",
        "ISI",
        "isi-berita",
        "articleBody",
        "konten",
        "raw_content",
    ],
)
def test_the_names_of_the_text(field: str) -> None:
    record = {"Unnamed: 0": 3, "id": "77", "index": 4, "judul": "Nelayan Melaut", field: FIRST, "kategori": "daerah"}
    assert text_of(record) == FIRST
    assert (field, TEXT) in read_fields(record, Options()).fields


@pytest.mark.parametrize(
    "record",
    [
        {"text": None, "content": LONG},
        {"text": "", "content": LONG},
        {"text": "Nelayan melaut.", "full_text": LONG},
        {"article": "https://a.example/b", "isi": LONG},
        {"berita": "daerah", "kolom lain": LONG},
        {"a": "x", "b": LONG},
        {"content": LONG, "text": f"{LONG[:200]}..."},
        {"article": {"text": LONG, "id": 3}},
        {"content": {"rendered": LONG}},
        {"data": {"attributes": {"body": LONG}}},
        {"_source": {"isi": LONG}},
        {"text": LONG, "html": f"<p>{LONG * 9}</p>"},
        {"text": LONG, "comments": LONG * 4, "summary": LONG},
        {"isi": LONG, "komentar": LONG * 3},
    ],
)
def test_the_text_is_chosen_by_value_too(record: dict[str, object]) -> None:
    assert text_of(record) == LONG


@pytest.mark.parametrize(
    "record",
    [
        {"a": LONG, "b": LONG + "!"},
        {"a": "pendek", "b": 3},
        {"komentar": LONG},
        {"summary": LONG},
        {"title": "Nelayan"},
        {},
        {"url": "https://a.example/b"},
        {"embedding": [0.1, 0.2]},
        {"isi": None, "komentar": LONG},
        {"metadata": {"title": "Nelayan"}},
    ],
)
def test_where_no_field_is_the_text_the_fields_are_named(record: dict[str, object]) -> None:
    one = refusal(record)
    assert one.reason == "no-text-field"
    assert all(
        repr(name) in one.detail for name in read_fields(record, Options()).fields and record if name != "metadata"
    )
    assert "--text-field" in one.detail


def test_a_named_field_may_stand_inside_of_another() -> None:
    record = {"article": {"text": FIRST, "deep": {"er": LONG}}, "text": "lain", "by": {"who": {"name": "Sari Wulan"}}}
    assert text_of(record, Options(text_field="article.text")) == FIRST
    assert text_of(record, Options(text_field="article.deep.er")) == LONG
    assert told(record, "authors", Options(author_field="by.who")) == ["Sari Wulan"]
    assert refusal(record, Options(text_field="article.teks")).reason == "no-text-field"
    assert "'article.teks'" in refusal(record, Options(text_field="article.teks")).detail


@pytest.mark.parametrize(
    ("record", "url"),
    [
        ({"source": "https://kabaruji.example/daerah/1"}, "https://kabaruji.example/daerah/1"),
        ({"source": "https://kabaruji.example/"}, None),
        ({"url": "-", "link": "https://a.example/b"}, "https://a.example/b"),
        ({"source_url": "https://a.example", "url": "https://a.example/b"}, "https://a.example/b"),
        ({"url": "https://a.example"}, "https://a.example"),
        ({"url": "bukan alamat"}, None),
        ({"url": "/berita/1"}, None),
        ({"link": "www.kabaruji.example/a"}, "www.kabaruji.example/a"),
        ({"warc-target-uri": "<http://a.example/b>"}, "http://a.example/b"),
    ],
)
def test_the_address(record: dict[str, object], url: str | None) -> None:
    assert document({"text": FIRST, "title": "Nelayan", **record}).url == url


@pytest.mark.parametrize(
    "name",
    ["https://a.example/author/sari-wulan", "www.facebook.com/sari", "sari@kabaruji.example", "//a.example/sari"],
)
def test_an_address_is_nobody_s_name(name: str) -> None:
    assert told({"text": FIRST, "author": name}, "authors") == []
    assert told({"text": FIRST, "author": [name, "Sari Wulan"]}, "authors") == ["Sari Wulan"]
    assert knowledge.is_reachable(name)


def test_which_addresses_lead_to_a_page() -> None:
    assert [leads_to_a_page(f"https://a.example{path}") for path in ("", "/", "/b", "/?p=1")] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "Sari Wulan", "url": "https://a.example"}, ["Sari Wulan"]),
        ([{"name": "Sari"}, {"nama": "Bram"}], ["Sari", "Bram"]),
        (["Sari", None, "", "nan", "Bram"], ["Sari", "Bram"]),
        ("['Sari', 'Bram']", ["Sari", "Bram"]),
        ('["Sari"]', ["Sari"]),
        (3, []),
        (None, []),
        ({"id": 3}, []),
        ([["Sari"]], ["Sari"]),
        (b"Sari", ["Sari"]),
        (date(2024, 2, 5), []),
    ],
)
def test_the_lines_of_a_value(value: object, expected: list[str]) -> None:
    assert list(lines_of(value)) == expected


def test_an_ambiguous_date_says_so_in_its_rule() -> None:
    one = document({"isi": FIRST, "tanggal": "05/02/2024 09:30"})
    assert one.metadata == (InputValue("published_date", "2024-02-05", "day-first:column:tanggal"),)


def test_of_several_dates_the_first_that_a_page_can_have() -> None:
    record = {"text": FIRST, "title": "Nelayan", "published_at": None, "date": "1970-01-01", "created_at": "2024-02-05"}
    assert told(record, "published_date") == ["2024-02-05"]
    assert told({"text": FIRST, "date": "1970-01-01"}, "published_date") == ["1970-01-01"]


def test_a_document_and_a_refusal_tell_every_field() -> None:
    record = {"judul": "Nelayan", "isi": FIRST, "nomor": 3, "metadata": {"url": "https://a.example/b"}}
    seen = [record_document(record, "x#1", Options()), record_document({"nomor": 4}, "x#2", Options())]
    assert [dict(each.fields) for each in seen] == [
        {"judul": "headline", "isi": "text", "nomor": "", "metadata.url": "url"},
        {"nomor": ""},
    ]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.binary(max_size=20),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        [FIRST, "<p>Satu", "['a', 'b']", "nan", "https://a.example/b", '{"text": "x"}', "05/02/2024", LONG, "\ud83d"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
NAMES = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        [
            "text",
            "content",
            "metadata",
            "_source",
            "url",
            "title",
            "author",
            "date",
            "source",
            "html",
            "a.b",
            "article.text",
            "tags",
        ]
    ),
)


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.sampled_from([None, "text", "content.text", "a.b"]))
def test_no_record_raises_and_none_makes_an_empty_value(record: dict[str, object], field: str | None) -> None:
    one = record_document(record, "x#1", Options(text_field=field))
    if isinstance(one, Refusal):
        assert one.reason in {"no-text-field", "empty", "lone-surrogate", "too-large", "broken-record"}
        assert "\n" not in one.detail
        return
    assert len(one.data) <= MAX_RECORD_BYTES
    for value in one.metadata:
        assert value.value == " ".join(value.value.split())
        assert value.value.encode()
        assert value.field != "published_at" or isinstance(datetime.fromisoformat(value.value), datetime)
    if one.extractor is None:
        assert one.data.strip()
