"""Digests: what is new for a role, once a day, to a mail server or a folder; and no person or record in them."""

import datetime as dt
import email
import email.policy
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from aiosmtpd.smtp import AuthResult, LoginPassword
from audit_hands import store
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from published_home import build_home
from typer.testing import CliRunner

from casework.access import digests
from casework.recording import corrections
from casework.recording.corrections import Entry
from casework.store import backups
from casework.store.builds import record_end
from casework.store.refusal import Refused
from dashboards.documents.digest import subscriptions
from dashboards.documents.digest.digest_text import as_markdown
from dashboards.documents.digest.subscriptions import Subscription
from pipelines.commands import cli

PASSWORD = "an invented password"
BOTH = '[registrar]\nrole = "auditor"\nto = "STRA_DIGEST_REGISTRAR"\n'
UNIT = '[unit-a]\nrole = "supervisor"\nunits = ["Unit A"]\nfolder = "{folder}"\n'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Inbox(Handler):
    """The letters that a mail server took."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        return email.message_from_bytes(envelope.content, policy=email.policy.default)

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def mail() -> Iterator[tuple[Inbox, str]]:
    """A mail server of this machine that asks for a password, and its address with that password."""

    def may_send(server: object, session: object, envelope: object, mechanism: object, given: object) -> AuthResult:
        is_known = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=is_known)

    inbox, port = Inbox(), free_port()
    server = Controller(inbox, "127.0.0.1", port, authenticator=may_send, auth_require_tls=False, auth_required=True)
    server.start()
    sender = f"stra:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}"
    yield inbox, f"mailto://{sender}/?from=stra@force.invented&to=registrar@force.invented&mode=insecure&cto=2&rto=2"
    server.stop()


class Cards(BaseHTTPRequestHandler):
    """The end of a Teams workflow: it takes a card by a POST, and answers as one of Microsoft's does."""

    taken: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    answer = HTTPStatus.ACCEPTED

    def do_POST(self) -> None:
        card = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append((self.path, card))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def teams(tmp_path: Path) -> Iterator[str]:
    """A server of this machine with TLS that takes cards as Teams does, and its address with a secret."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(own + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cards)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Cards.taken, Cards.answer = [], HTTPStatus.ACCEPTED
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"workflows://127.0.0.1:{server.server_port}/invented-workflow/invented-secret?verify=no&cto=2&rto=2"
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return build_home(tmp_path / "home")


def run(home: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    found = CliRunner().invoke(cli.app, ["digest", "--home", str(home), *arguments], env=environ)
    return found.exit_code, found.output


def text_of(letter: Any) -> str:
    body = letter.get_body(("plain", "html"))
    assert body is not None
    return str(body.get_content()).replace("&nbsp;", " ")


def test_a_digest_arrives_with_what_is_new_and_without_any_record_or_person(
    home: Path, mail: tuple[Inbox, str]
) -> None:
    """Given two records assigned and overdue, one disputed: the registrar is told how many of which unit."""
    inbox, address = mail
    (home / "digests.toml").write_text(BOTH)
    engine, before = store(home), dt.date(2020, 1, 1)
    late = {Entry("TIM-01", "crime", "c001"): 0, Entry("TIM-01", "crime", "c003"): 0}
    corrections.change(engine, late, "assigned", "Invented Sergeant", before, owner="PC Example", due_date="2020-01-02")
    other = {Entry("TIM-01", "crime", "c002"): 0}
    corrections.change(engine, other, "disputed", "Invented Sergeant", before, words="So")
    code, said = run(
        home, STRA_DIGEST_REGISTRAR=address, STRA_ADDRESS="https://stra.force.invented/",
        STRA_MARKING="OFFICIAL-SENSITIVE",
    )  # fmt: skip
    assert (code, "sent to 1 address of STRA_DIGEST_REGISTRAR" in said) == (0, True), said
    (letter,) = inbox.letters
    assert "registrar@force.invented" in letter["to"]
    assert letter["subject"].startswith("OFFICIAL-SENSITIVE: ") and "Invented" in letter["subject"]
    body = text_of(letter)
    assert "Records to correct: 2 entries past their due date (Unit B 2)." in body
    assert "Records to correct: 1 entry disputed, for the registrar to decide (Unit A 1)." in body
    assert "https://stra.force.invented/fix_list?state=overdue" in body
    assert "Invented force: no real police force is described here." in body
    for hidden in ("c001", "c002", "c003", "PC Example", "Invented Sergeant", "9001", PASSWORD):
        assert hidden not in body and hidden not in said, hidden
    assert "http" not in body.replace("https://stra.force.invented/", ""), "no picture or link of anybody else"


def test_a_card_arrives_in_teams_with_what_is_new_and_without_any_record_or_person(home: Path, teams: str) -> None:
    """As by e-mail: and a workflow that does not accept the card is asked again by the next run."""
    (home / "digests.toml").write_text(BOTH)
    late, due = {Entry("TIM-01", "crime", "c001"): 0}, {"owner": "PC Example", "due_date": "2020-01-02"}
    corrections.change(store(home), late, "assigned", "Invented Sergeant", dt.date(2020, 1, 1), **due)
    Cards.answer = HTTPStatus.FORBIDDEN
    code, said = run(home, STRA_DIGEST_REGISTRAR=teams)
    assert code == 1 and "It counts as not sent" in said and "invented-secret" not in said
    Cards.answer = HTTPStatus.ACCEPTED
    code, said = run(home, STRA_DIGEST_REGISTRAR=teams, STRA_ADDRESS="https://stra.force.invented/")
    assert (code, "sent to 1 address" in said) == (0, True), said
    path, card = Cards.taken[-1]
    assert "/workflows/invented-workflow/" in path and "sig=invented-secret" in path
    (attached,) = card["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    sent = " ".join(block["text"] for block in attached["content"]["body"])
    address = "https://stra.force.invented/fix_list?state=overdue"
    assert f"[{address.replace('_', chr(92) + '_')}]({address})" in sent, "a link that can be followed"
    words = re.sub(r"\\(\W)", r"\1", sent)
    assert "Records to correct: 1 entry past its due date (Unit B 1)." in words
    assert "Invented force: " in words
    for hidden in ("c001", "PC Example", "Invented Sergeant", "invented-secret"):
        assert hidden not in words and hidden not in said, hidden
    assert "http" not in words.replace("https://stra.force.invented/", ""), "no picture or link of anybody else"


def test_what_data_brings_is_no_markdown() -> None:
    said = as_markdown("1 entry (Unit [A](B) *C* 1). See https://stra.force.invented/fix_list", "https://stra.force.invented/")
    assert said == (
        r"1 entry (Unit \[A\](B) \*C\* 1). See "
        r"[https://stra.force.invented/fix\_list](https://stra.force.invented/fix_list)"
    )


def test_the_same_is_not_said_twice_and_at_most_once_a_day(home: Path, mail: tuple[Inbox, str]) -> None:
    inbox, address = mail
    (home / "digests.toml").write_text(BOTH)
    assert run(home, STRA_DIGEST_REGISTRAR=address)[0] == 0
    assert "nothing new" in run(home, STRA_DIGEST_REGISTRAR=address)[1]
    record_end(home, "failed", "the disk is full")
    assert "1 new, for the next digest: one a day" in run(home, STRA_DIGEST_REGISTRAR=address)[1]
    assert len(inbox.letters) == 1
    shown = run(home, "--show")[1]
    assert "did not finish" in shown
    assert "As in the last digest" in shown and "the disk is full" not in shown


def test_what_did_not_arrive_is_not_recorded_and_its_address_is_never_shown(
    home: Path, mail: tuple[Inbox, str]
) -> None:
    inbox, address = mail
    (home / "digests.toml").write_text(BOTH)
    wrong = address.replace(PASSWORD.replace(" ", "%20"), "another%20secret")
    for value in (wrong, "nonsense://x", ""):
        code, said = run(home, STRA_DIGEST_REGISTRAR=value)
        assert code == 1 and "STRA_DIGEST_REGISTRAR" in said, said
        assert "another" not in said and "nonsense" not in said
    assert inbox.letters == [] and digests.last(store(home), "registrar") is None


def test_a_supervisor_is_told_of_their_unit_alone_in_a_file(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (home / "digests.toml").write_text(UNIT.format(folder=folder))
    assert run(home)[0] == 0
    (file,) = folder.iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Unit A" in text and "Unit B" not in text and "not known" not in text


def test_each_role_is_told_what_its_pages_hold(home: Path) -> None:
    """Findings for those who lead, promises for commissioners; an administrator hears of builds alone."""
    backups.record(home, "the key is missing")
    roles = {"chief": "senior_leader", "funder": "commissioner", "machine": "administrator"}
    wanted = (f'[{name}]\nrole = "{role}"\nfolder = "/invented"\nstale_days = 1\n' for name, role in roles.items())
    (home / "digests.toml").write_text("".join(wanted))
    shown = {name: run(home, "--show", "--only", name)[1] for name in roles}
    assert "- Support offered: 60.0% (120 of 200) since July 2025" in shown["chief"]
    assert shown["chief"].count("rest 75.0%") == 3 and "Risk assessed: 80.0% met" not in shown["chief"]
    assert "Does the force keep its promises?" in shown["funder"] and "Records to correct" not in shown["funder"]
    assert "Nothing has been delivered since" in shown["machine"] and "recorded" not in shown["machine"]
    assert {name for name in shown if "No backup was made" in shown[name]} == {"machine"}
    assert "the key is missing" not in shown["machine"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a digest"), ("[a]\nrole = ", "cannot be read"), ("a = 1", r"\[a\]: expected a table"),
        ('[a]\nrole = "chief"\nto = "STRA_A"', "expected one of senior_leader"),
        ('[a]\nrole = "auditor"', "either to"),
        ('[a]\nrole = "auditor"\nto = "mailto://me:secret@x"', "begins with STRA_"),
        ('[a]\nrole = "auditor"\nto = "STRA_A"\nevery = "hour"', "expected day or week"),
        ('[a]\nrole = "supervisor"\nto = "STRA_A"', "a supervisor's digest names units"),
        ('[a]\nrole = "auditor"\nto = "STRA_A"\ncc = "x"', "no setting is called cc"),
        ('[a]\nrole = "auditor"\nto = "STRA_A"\nstale_days = 0', "a number of days from 1"),
        ('["../x"]\nrole = "auditor"\nto = "STRA_A"', "expected a name"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "digests.toml").write_text(text)
    with pytest.raises(Refused, match=words) as refused:
        subscriptions.read_subscriptions(tmp_path)
    assert "secret" not in str(refused.value) and "digests.toml" in str(refused.value)


def test_a_weekly_digest_is_due_after_seven_days() -> None:
    weekly, day = Subscription("a", "auditor", "week", "STRA_A"), dt.date(2026, 11, 28)
    assert [weekly.is_due(day - dt.timedelta(days=n), day) for n in (6, 7)] == [False, True]
    assert weekly.is_due(None, day)


def test_a_build_that_fails_says_so_until_one_is_published(home: Path) -> None:
    record_end(home, "failed", "the disk is full")
    assert json.loads((home / "last_build.json").read_text())["result"] == "failed"
    status = CliRunner().invoke(cli.app, ["status", "--home", str(home)]).output
    assert "did not finish" in status and "reason: the disk is full" in status
    (home / "digests.toml").write_text('[machine]\nrole = "administrator"\nfolder = "/invented"\n')
    alert = run(home, "--show")[1]
    assert "did not finish" in alert and "See stra status." in alert and "disk" not in alert
    record_end(home, "published")
    assert "did not finish" not in CliRunner().invoke(cli.app, ["status", "--home", str(home)]).output


def test_an_alert_arrives_although_nothing_was_ever_published(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    for folder in (home, out):
        folder.mkdir()
    record_end(home, "failed", "core__crimes: Jane Invented")
    (home / "digests.toml").write_text(f'[machine]\nrole = "administrator"\nfolder = "{out}"\n')
    assert run(home) == (0, f"machine: 2 new, sent to {next(out.iterdir())}.\n")
    text = next(out.iterdir()).read_text(encoding="utf-8")
    assert "- Nothing is published. See stra status." in text and "did not finish" in text and "Jane" not in text
    assert run(home)[1] == "machine: nothing new, so nothing was sent.\n"
    logged = [json.loads(line) for line in (home / "logs" / "builds.jsonl").read_text("utf-8").splitlines()]
    assert [(one["event"], one["result"], one["new_lines"]) for one in logged] == [
        ("digest ended", "sent", 2), ("digest ended", "nothing new", 0),
    ]  # fmt: skip
