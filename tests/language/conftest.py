"""Makes the plain langdetect of plain_langdetect.py importable in this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
