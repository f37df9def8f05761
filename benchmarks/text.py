"""Time of the text signals: `python benchmarks/text.py [--rows 1000000]`.

Target: 1 million narratives of about 200 characters in at most 40 seconds on two cores.
Measured on 25 November 2026 (two virtual Intel Xeon cores, polars 2.1): 34 seconds of processor time per million,
scaled from 100,000; 84 seconds of wall clock for a million while other work held the cores. It has not been measured
on an idle machine. Memory: about 100 MB more than the narratives and their result.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import time
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assets.methods.text_signals import text_signals
from assets.reference import list_path


def invented_narratives(rows: int, seed: int = 1) -> pl.DataFrame:
    """Invented narratives of about 200 characters, put together from the labelled sentences of the tests."""
    draw = random.Random(seed)
    with (ROOT / "tests" / "worlds" / "labelled_sentences.csv").open(encoding="utf-8") as file:
        sentences = [row["sentence"] for row in csv.DictReader(file)]
    texts = [" ".join(draw.choices(sentences, k=4)) for _ in range(rows)]
    return pl.DataFrame({"record_type": "crime", "record_ref": [str(n) for n in range(rows)], "text": texts})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    narratives = invented_narratives(rows)
    lexicon = pl.read_csv(list_path("text_lexicon"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, processor = time.perf_counter(), time.process_time()
    signals = text_signals(narratives, lexicon)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    added = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    length = narratives["text"].str.len_chars().mean()
    print(f"{signals.height:,} narratives of {length:.0f} characters")
    print(f"{seconds:.1f} s ({processor:.1f} s processor), {added:.0f} MB more than before")


if __name__ == "__main__":
    main()
