"""The open benchmark: eight tasks on invented forces whose truth is known. docs/open-benchmark.md describes it."""
