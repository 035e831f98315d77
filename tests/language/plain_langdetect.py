"""Plain langdetect 1.0.9, one text at a time: seed 0 and its profiles in sorted order."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from langdetect import detector_factory
from langdetect.detector import Detector
from langdetect.lang_detect_exception import LangDetectException


@cache
def factory() -> detector_factory.DetectorFactory:
    """A factory with the profiles loaded in sorted order, whatever order `os.listdir` gives."""
    made = detector_factory.DetectorFactory()
    made.seed = 0
    files = sorted(Path(detector_factory.PROFILES_DIRECTORY).iterdir())
    made.load_json_profile([json.dumps(json.loads(file.read_text("utf-8"))) for file in files])
    return made


def detector(text: str) -> Detector:
    made = factory().create()
    made.append(text)
    return made


def answer(text: str) -> tuple[str | None, int | None]:
    """Label and probability per mille; None and None where langdetect raises or sees nothing likely enough."""
    try:
        seen = detector(text).get_probabilities()
    except LangDetectException:
        return None, None
    return (seen[0].lang, round(1000 * seen[0].prob)) if seen else (None, None)
