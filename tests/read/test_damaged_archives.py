"""Damage in a web archive costs the records that it hits: every other one is read, and none is cut in silence."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kliping.model import RawDocument, Refusal
from kliping.read import documents

COUNT = 6
STORIES = [
    f"Warga dusun {n} memperbaiki jembatan bambu bersama, kata kepala dusun. Pekerjaan selesai Sabtu {n}."
    for n in range(COUNT)
]


def page(number: int) -> bytes:
    filler = "".join(f"<!-- {number} {n * n} -->" for n in range(30))
    return f"<html><head><title>Jembatan {number}</title></head><body>{filler}<p>{STORIES[number]}</p>".encode()


def response(number: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(number)


def warc(number: int, said: int | None = None) -> bytes:
    block = response(number)
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://kabaruji.example/{number}\r\n"
    return f"{head}Content-Length: {len(block) if said is None else said}\r\n\r\n".encode() + block + b"\r\n\r\n"


def arc(number: int, said: int | None = None) -> bytes:
    block = response(number)
    length = len(block) if said is None else said
    return f"http://kabaruji.example/{number} 10.0.0.1 20050102030405 text/html {length}\n".encode() + block + b"\n"


FILEDESC = b"filedesc://uji.arc 0.0.0.0 20050102030405 text/plain 76\n1 0 Uji\nURL IP-address Archive-date"
FILEDESC = FILEDESC + b" Content-type Archive-length\n" + b" " * (76 - 8 - 56) + b"\n"


def read(data: bytes) -> list[RawDocument | Refusal]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc")
        path.write_bytes(data)
        return list(documents([path]))


def numbers(items: list[RawDocument | Refusal]) -> set[int]:
    """The pages that were kept, each whole: a page that lacks its end, or has another's, fails."""
    kept = [item for item in items if isinstance(item, RawDocument)]
    found = [int(item.data.decode().partition("\n")[0].removeprefix("Jembatan ")) for item in kept]
    for item, number in zip(kept, found, strict=True):
        assert item.data.decode() == f"Jembatan {number}\n{STORIES[number]}"
    assert len(set(found)) == len(found)
    return set(found)


def refused(items: list[RawDocument | Refusal]) -> list[tuple[str, str]]:
    return [(item.source_path, item.reason) for item in items if isinstance(item, Refusal)]


ALL = set(range(COUNT))
ARCHIVES: dict[str, list[bytes]] = {
    "warc": [warc(n) for n in ALL],
    "warc.gz": [gzip.compress(warc(n), mtime=0) for n in ALL],
    "arc": [FILEDESC, *(arc(n) for n in ALL)],
    "arc.gz": [gzip.compress(record, mtime=0) for record in (FILEDESC, *(arc(n) for n in ALL))],
}
LAYOUTS = sorted(ARCHIVES)


def bounds(layout: str) -> Iterator[tuple[int, int]]:
    """Where each page's record begins and ends in the file."""
    position = 0
    for record in ARCHIVES[layout]:
        if record not in (FILEDESC, gzip.compress(FILEDESC, mtime=0)):
            yield position, position + len(record)
        position += len(record)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whole_archive(layout: str) -> None:
    items = read(b"".join(ARCHIVES[layout]))
    assert numbers(items) == ALL
    assert refused(items) == ([("a.warc#1", "not-html")] if layout.startswith("arc") else [])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_truncation_keeps_the_whole_records_before_it(layout: str) -> None:
    data = b"".join(ARCHIVES[layout])
    ends = [end for _, end in bounds(layout)]
    for cut in range(len(ARCHIVES[layout][0]), len(data), 7):
        items = read(data[:cut])
        whole = {n for n, end in enumerate(ends) if end <= cut}
        # Where only the blank bytes behind the last record are missing, or part of them, it is whole all the same.
        nearly = {n for n, end in enumerate(ends) if end - 4 <= cut}
        assert whole <= numbers(items) <= nearly
        assert len(items) >= len(whole)
        assert numbers(items) == nearly or refused(items), "a record was lost in silence"


@given(st.sampled_from(LAYOUTS), st.floats(0, 1), st.integers(1, 600), st.binary(max_size=40))
@example("warc.gz", 0.3, 1, b"\x00")
@settings(max_examples=300, deadline=None)
def test_damage_costs_the_records_that_it_hits(layout: str, place: float, cut: int, put: bytes) -> None:
    data = b"".join(ARCHIVES[layout])
    first = len(ARCHIVES[layout][0]) if layout.startswith("arc") else 12
    at = first + int(place * (len(data) - first - 1))
    items = read(data[:at] + put + data[at + cut :])
    pages = [item.data.split() for item in items if isinstance(item, RawDocument)]
    told = (re.match(rb"\d+", words[1]) for words in pages if words[0] == b"Jembatan")
    kept = {int(number[0]) for number in told if number}
    unhurt = {n for n, (start, end) in enumerate(bounds(layout)) if end < at or start > at + cut}
    if layout != "warc.gz":  # what begins no record may be the rest of the record before it
        unhurt &= {n - 1 for n in unhurt} | {COUNT - 1}
    assert unhurt <= kept
    names = [item.source_path for item in items]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("layout", ["warc.gz", "arc.gz"])
def test_flipped_bytes_in_packed_records(layout: str) -> None:
    data = bytearray(b"".join(ARCHIVES[layout]))
    for at in range(0, len(data), 3):
        data[at] ^= 0x55
        hit = {n for n, (start, end) in enumerate(bounds(layout)) if start <= at < end}
        items = read(bytes(data))
        data[at] ^= 0x55
        if at < 4:
            assert items
            continue
        # A flag or time in gzip's own header may change without harm.
        assert ALL - hit <= numbers(items)
        assert numbers(items) == ALL or refused(items)


@pytest.mark.parametrize("make", [warc, arc])
@pytest.mark.parametrize("by", [-200, -30, -1, 1, 3, 30, 400, 5000, 10**9, 10**17])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_wrong_length_of_one_record(
    make: Callable[[int, int | None], bytes], by: int, pack: Callable[[bytes], bytes]
) -> None:
    records = [make(n, None) for n in ALL]
    records[2] = make(2, len(response(2)) + by)
    opening = [FILEDESC] if make is arc else []
    items = read(b"".join(pack(record) for record in [*opening, *records]))
    assert ALL - {2} == numbers(items) - {2}
    assert 2 in numbers(items) or any(reason in ("broken-record", "too-large") for _, reason in refused(items))


def test_two_damaged_members_in_a_row() -> None:
    members = list(ARCHIVES["warc.gz"])
    for n in (1, 2):
        members[n] = members[n][:60] + b"\xff\x00\xff" + members[n][63:]
    items = read(b"".join(members))
    assert numbers(items) == ALL - {1, 2}
    assert {name for name, _ in refused(items)} == {"a.warc#2", "a.warc#3"}


@given(
    st.lists(
        st.sampled_from([b"WARC/1.0\r\n", b"\r\n", b"Content-Length: 9\r\n", warc(0)[:90], warc(1), b"\0\x1f\x8b"])
    )
)
def test_any_bytes_behind_a_beginning(parts: list[bytes]) -> None:
    items = read(b"WARC/1.0\r\n" + b"".join(parts))
    assert items
    assert len({item.source_path for item in items}) == len(items)


def test_work_grows_with_the_archive_and_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostile archives: every record claims the rest of the file, or a member begins at every few bytes."""
    from kliping.read.tape import Tape

    taken: list[int] = []
    peek = Tape.peek

    def counted(self: Tape, size: int, offset: int = 0) -> bytes:
        block = peek(self, size, offset)
        taken.append(len(block))
        return block

    monkeypatch.setattr(Tape, "peek", counted)
    for data in (warc(0, 10**6), b"WARC/1.0\r\nContent-Length: 99999\r\n\r\n", b"WARC/1.0\r\nX: y\r\n", b"\r\n"):
        steps = []
        for times in (2000, 8000):
            taken.clear()
            read(b"WARC/1.0\r\n" + data * times)
            steps.append(sum(taken))
        assert steps[1] < 6 * steps[0]
