"""What others wrote forges no line and steers no terminal: in the access log, the server's log, a command's output."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from audit_hands import store
from streamlit.logger import DEFAULT_LOG_MESSAGE
from typer.testing import CliRunner

from casework.access import access_log, accounts
from casework.access.access_log import LONGEST, Action
from casework.store.refusal import Refused
from dashboards.server import plain_log
from pipelines.commands import cli
from pipelines.commands.failure import fail

HOSTILE = {
    "a new line": ("\n2026-11-30 09:00:00 INFO forged", "\\n2026-11-30 09:00:00 INFO forged"),
    "a return": ("\rforged", "\\rforged"),
    "a command to the terminal": ("\x1b[2J\x1b]0;forged\x07", "\\x1b[2J\\x1b]0;forged\\x07"),
    "an 8-bit command": ("\x9b2J", "\\x9b2J"),
    "a turned direction": ("\u202egnp.exe", "\\u202egnp.exe"),
    "an isolated direction": ("\u2067x\u2069", "\\u2067x\\u2069"),
    "a line separator": ("\u2028forged", "\\u2028forged"),
    "an unseen sign": ("a\u200bb\u00adc\U000e0041", "a\\u200bb\\xadc\\U000e0041"),
    "a nul": ("\x00", "\\x00"),
}


@dataclass
class Console:
    """A logger as the server has them, and what it has written."""

    log: logging.Logger
    text: io.StringIO


@pytest.fixture
def console() -> Iterator[Console]:
    before = logging.getLogRecordFactory()
    plain_log.install()
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter(DEFAULT_LOG_MESSAGE))
    log = logging.getLogger("invented.forged")
    log.handlers, log.propagate = [handler], False
    yield Console(log, text)
    log.handlers = []
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize("name", HOSTILE)
class TestTheServersLog:
    def test_a_value(self, console: Console, name: str) -> None:
        """As a provider's answer gets there, that anybody can write into an address."""
        said, written = HOSTILE[name]
        console.log.error("Error description: %s, %d", f"before{said}", 7)
        line, end, rest = console.text.getvalue().partition("\n")
        assert (end, rest) == ("\n", "") and line.endswith(f"Error description: before{written}, 7")

    def test_a_value_by_name_and_a_message_made_elsewhere(self, console: Console, name: str) -> None:
        said, written = HOSTILE[name]
        console.log.error("%(it)s", {"it": said})
        console.log.error(f"it: {said}")
        lines = console.text.getvalue().splitlines()
        assert lines[0].endswith(written)
        assert [line for line in lines if line.startswith("2026-11-30 09:00:00 INFO forged")] == []

    def test_the_words_of_an_error(self, console: Console, name: str) -> None:
        said, written = HOSTILE[name]
        try:
            raise ValueError(f"before{said}")
        except ValueError:
            console.log.exception("failed")
        text = console.text.getvalue()
        first, *more = text.splitlines()
        assert first.endswith("failed") and more[0] == "Traceback (most recent call last):"
        assert all(line.startswith("  ") for line in more[1:]), "no other line begins where a record does"
        assert said not in text and (written in text or name == "a new line")


@pytest.mark.parametrize("name", HOSTILE)
class TestTheAccessLog:
    def test_an_address_or_a_recipient_is_one_line(self, tmp_path: Path, name: str) -> None:
        said, written = HOSTILE[name]
        action = Action("disclosure", "a@force.invented", access_log.SIGNED_IN, "integrity", f"fix_list{said}",
                        f"list.csv: unit x{said}y", 1, f"me{said}you")  # fmt: skip
        access_log.record(store(tmp_path), action)
        [row] = access_log.entries(store(tmp_path))
        assert (row["subject"], row["recipient"]) == (f"list.csv: unit x{written}y", f"me{written}you")
        assert access_log.verify(store(tmp_path)).faults == ()

    def test_a_name_is_refused(self, tmp_path: Path, name: str) -> None:
        """But for the blanks that a name has in one spelling."""
        said, _ = HOSTILE[name]
        identity = f"a{said}b@force.invented"
        if said.split() != [said]:
            assert accounts.identity_of(identity) == " ".join(identity.split()).casefold()
            return
        with pytest.raises(Refused, match="saw U\\+"):
            accounts.identity_of(identity)


def test_a_long_address_fills_no_log(tmp_path: Path) -> None:
    access_log.record(
        store(tmp_path), Action("consultation", "a", access_log.SIGNED_IN, "integrity", "p", "x" * 60_000, 1)
    )
    [row] = access_log.entries(store(tmp_path))
    assert row["subject"] == "x" * LONGEST + "..."


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "a nul"])
def test_the_name_of_a_delivered_file_is_printed_in_its_line(tmp_path: Path, name: str) -> None:
    said, written = HOSTILE[name]
    (tmp_path / f"evil{said}.csv").write_text("Crime ID\n1\n", encoding="utf-8")
    output = CliRunner().invoke(cli.app, ["doctor", "--data", str(tmp_path)], color=True).output
    assert f"evil{written}.csv" in output and said not in output


def test_a_failure_forges_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail("no such file: a\nstra: forged\x1b[2J").exit_code == 1
    assert capsys.readouterr().err == "stra: no such file: a\n  stra: forged\\x1b[2J\n"
