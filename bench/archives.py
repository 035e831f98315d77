"""Measures how readers of web archives frame records, whole and damaged: kliping's own, warcio's and FastWARC's.

    .venv/bin/python bench/archives.py [--records 2000]        # after `make bench`, or `make .bench/venv/done`

Makes an archive of generated responses, plain and with each record a gzip member, and damages copies of it in fixed
ways. Each reader reads each copy in a process of its own, killed after LIMIT seconds. Printed are the seconds of the
best of three runs, how many responses came out whole, and how many came out otherwise without a word of warning.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve()
THEIRS = HERE.parents[1] / ".bench" / "venv" / "bin" / "python"
READERS = {"kliping": Path(sys.executable), "warcio": THEIRS, "fastwarc": THEIRS}
LIMIT = 60
RUNS = 3
WORDS = ("harga", "beras", "pasar", "nelayan", "hujan", "jalan", "desa", "warga", "petani", "sekolah", "kata", "pagi")


def records(count: int) -> list[bytes]:
    """Responses of 20 to 100 KB, the same in every run."""
    chance = random.Random(13)
    made = []
    for number in range(count):
        lines = (" ".join(chance.choices(WORDS, k=12)) for _ in range(chance.randrange(250, 1250)))
        body = f"<html><title>{number}</title><body><p>{'</p><p>'.join(lines)}</p></body></html>".encode()
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://kabaruji.example/{number}\r\n"
        head += f"WARC-Record-ID: <urn:uuid:{number:036}>\r\nWARC-Date: 2024-02-05T03:04:05Z\r\n"
        head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        made.append(head.encode() + block + b"\r\n\r\n")
    return made


def flipped(part: bytes) -> bytes:
    """The record with a damaged stretch of four bytes in its middle."""
    middle = len(part) // 2
    return part[:middle] + bytes(byte ^ 0x55 for byte in part[middle : middle + 4]) + part[middle + 4 :]


def relengthed(part: bytes, by: int) -> bytes:
    head, name, rest = part.partition(b"Content-Length: ")
    length, end, block = rest.partition(b"\r\n")
    return head + name + str(int(length) + by).encode() + end + block


def archives(plain: list[bytes]) -> dict[str, list[bytes]]:
    """What is read, by name; every hundredth record is damaged, from the fiftieth on."""
    packed = [gzip.compress(part, mtime=0) for part in plain]

    def some(parts: list[bytes], damage: object) -> list[bytes]:
        return [damage(part) if n % 100 == 50 else part for n, part in enumerate(parts)]  # type: ignore[operator]

    return {
        "plain, whole": plain,
        "gzip, whole": packed,
        "gzip, cut off in its last record": [*packed[:-1], packed[-1][:-40]],
        "gzip, members damaged": some(packed, flipped),
        "plain, lengths too long": some(plain, lambda part: relengthed(part, 500)),
        "plain, lengths too short": some(plain, lambda part: relengthed(part, -500)),
        "plain, a header line of 20 MB": [plain[0], b"WARC/1.1\r\nX: " + b"a" * 20_000_000 + b"\r\n\r\n", *plain[1:]],
    }


def bodies(reader: str, path: Path) -> Iterator[bytes]:
    """The bodies of the responses that a reader gives."""
    with path.open("rb") as file:
        if reader == "kliping":
            from kliping.read import salvage, warc
            from kliping.read.responses import parse_response
            from kliping.read.streams import chunks
            from kliping.read.tape import unwind

            source = salvage.salvaged(file) if salvage.archive_form(file) else chunks(file)
            for found in unwind(warc.tape(source), warc.head):
                if not found.wrong and not found.is_followed:
                    yield parse_response(found.block).body
        elif reader == "warcio":
            from warcio.archiveiterator import ArchiveIterator

            for record in ArchiveIterator(file):
                yield record.content_stream().read()
        else:
            from fastwarc.warc import ArchiveIterator as Fast

            for record in Fast(file):
                yield record.reader.read()


def measure(reader: str, path: Path) -> dict[str, object]:
    """Read an archive once: seconds, digests, and what stopped the reader, if anything did."""
    digests, stopped, start = [], "", time.perf_counter()
    try:
        for body in bodies(reader, path):
            digests.append(hashlib.sha256(body).hexdigest())
    except BaseException as error:
        stopped = type(error).__name__
    return {"seconds": time.perf_counter() - start, "digests": digests, "stopped": stopped}


def run(reader: str, path: Path) -> dict[str, object] | None:
    """`measure` in a process of its own, None where it took more than LIMIT seconds."""
    command = [READERS[reader], HERE, "--measure", reader, path]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None
    lines = done.stdout.splitlines()
    crashed = {"seconds": 0.0, "digests": [], "stopped": f"crash {done.returncode}"}
    return json.loads(lines[-1]) if lines else crashed


def main() -> None:
    """Print a line for each archive and reader."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--measure", nargs=2)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], Path(options.measure[1]))))
        return
    plain = records(options.records)
    whole = {
        hashlib.sha256(part.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2][:-4]).hexdigest() for part in plain
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, parts in archives(plain).items():
            path = Path(folder, "a.warc.gz" if name.startswith("gzip") else "a.warc")
            path.write_bytes(b"".join(parts))
            for reader in READERS:
                runs = [found for found in (run(reader, path) for _ in range(RUNS)) if found is not None]
                if not runs:
                    print(f"{name:34} {reader:9} killed after {LIMIT} s")
                    continue
                best = min(runs, key=lambda found: found["seconds"])  # type: ignore[arg-type,return-value]
                given = list(best["digests"])  # type: ignore[call-overload]
                right = len(whole.intersection(given))
                told = f"{best['seconds']:6.2f} s {right:5} whole {len(given) - right:4} wrong {best['stopped']}"
                print(f"{name:34} {reader:9} {told}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
