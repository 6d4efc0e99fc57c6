"""One target under atheris: python -m tests.siege.fuzz TARGET FOLDER SECONDS, in a Python that has atheris.

What makes a target fail is left in the folder as crash-*, timeout-* or oom-*.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cutout"]):
    from tests.siege.fuzz.targets import TARGETS


def main(name: str, folder: Path, seconds: str) -> None:
    target, scratch, corpus = TARGETS[name], folder / "scratch", folder / "corpus"
    scratch.mkdir()
    corpus.mkdir()
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    limits = ["-rss_limit_mb=1500", "-timeout=20", "-max_len=20000", f"-max_total_time={seconds}"]
    arguments = [*limits, f"-artifact_prefix={folder}/", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *arguments], lambda data: target.run(data, scratch))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
