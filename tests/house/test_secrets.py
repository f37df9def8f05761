"""No file of the repository holds a secret: a key, a token, or an address with a password."""

import re
from pathlib import Path

import pytest
from test_house import DELIVERED
from test_words import ROOT, tracked

LARGEST = 200_000  # bytes of a file that a person could have written a secret into: longer ones are data and locks
KINDS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}",
    "a token of a service": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50}|glpat-[\w-]{20}"
                            r"|xox[baprs]-[\w-]{20}|sk-[\w-]{32})",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "an address with a password": r"\b[a-z][a-z0-9+]{1,20}://[^\s:/@'\"{}$<>]{1,60}:(?!PASSWORD@)[^\s/@'\"{}$<>]{1,60}@",
    "the value of a secret": r"(?i)(?:passwor[dt]|passwd|secret|token|(?:api|private|identity|backup)_?key)\w{0,20}"
                             r"[\"']?\s{0,3}[:=]\s{0,3}[\"'](?=[^\"']*[0-9])[^\s\"'{}<>$.]{16,}[\"']",
    # as deploy/settings has them: NAME=value, without quotation marks
    "the value of a setting": r"(?:PASSWOR[DT]|SECRET|TOKEN|KEY)[A-Z_]{0,20}(?:=|: ?)(?=\S*[0-9])[\w+/=-]{16,}(?!\S)",
}  # fmt: skip
PATTERNS = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}
# file -> what looks like a secret there, each invented for a test or an example
INVENTED = {
    "docs/data-you-can-deliver.md": {"postgresql://user:password@"},
    "pipelines/fetching/database.py": {"postgresql://user:password@"},
    "tests/builds/test_engine_choice.py": {"sc://me:S3CRET@", "spark://me:S3CRET@"},
    "tests/crimes/test_extract_deliveries.py": {"postgresql://user:s3cret@"},
    "tests/deploy/test_container.py": {"postgresql+psycopg://stra:a%2Fb@"},
    "tests/pages/test_store_away.py": {'SECRET = "s3cret-of-the-server"'},
    "tests/oversight/test_secret_canary.py": {"postgresql://stra:a@"},
    "tests/pages/test_digest.py": {"mailto://me:secret@"},
    "tests/readers/test_extract_reader.py": {"postgresql://user:word@"},
    "tests/readers/test_schema.py": {"postgres://user:secret@"},
}


def secrets_in(text: str) -> dict[str, str]:
    """What looks like a secret -> its kind."""
    return {match[0]: kind for kind, pattern in PATTERNS.items() for match in pattern.finditer(text)}


def test_no_file_holds_a_secret() -> None:
    found, seen = {}, set()
    for name in tracked():
        content = (ROOT / name).read_bytes() if (ROOT / name).stat().st_size < LARGEST else b""
        if name.startswith(DELIVERED) or b"\0" in content[:1000] or name == f"tests/house/{Path(__file__).name}":
            continue
        held = secrets_in(content.decode("utf-8", "replace"))
        seen |= {name} if held else set()
        if left := {kind for what, kind in held.items() if what not in INVENTED.get(name, set())}:
            found[name] = left
    assert found == {}
    assert set(INVENTED) <= seen, "a file that no longer holds an invented secret leaves the list"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("key = AKIA" + "ABCDEFGH12345678", "a key of a cloud"),
        ("ghp_" + "a1" * 18, "a token of a service"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl", "a signed token"),
        ("url = postgresql://stra:hunter2@db/casework", "an address with a password"),
        ('STRA_BACKUP_KEY="Zk3v9QpL2mXr8TtY"', "the value of a secret"),
        ("client_secret: 'Zk3v9QpL2mXr8TtY'", "the value of a secret"),
        ("password = 'correct1horse2battery'", "the value of a secret"),
        ("STRA_BACKUP_KEY=Zk3v9QpL2mXr8TtY12aB", "the value of a setting"),
        ("#STRA_METRICS_TOKEN=Zk3v9QpL2mXr8TtY12aB", "the value of a setting"),
        ("Environment=STRA_COOKIE_SECRET=Zk3v9QpL2mXr8TtY12aB", "the value of a setting"),
        ("      STRA_OIDC_CLIENT_SECRET: Zk3v9QpL2mXr8TtY12aB", "the value of a setting"),
    ],
)
def test_a_secret_is_found(text: str, kind: str) -> None:
    assert kind in secrets_in(f"before\n{text}\nafter").values()


@pytest.mark.parametrize(
    "text",
    ["-----BEGIN PUBLIC KEY-----", "postgresql://HOST/database", "{user}:{password}@{host}",
     "person_key = 'core.people_1234'", "STRA_BACKUP_KEY holds the key: 16 characters or more", "password = ''",
     'token = environ["STRA_METRICS_TOKEN"]', "STRA_BACKUP_KEY=", "TOKEN=A_LONG_RANDOM_TEXT", "KEY=$(openssl rand 32)", "http://127.0.0.1:8501/x@y"],
)  # fmt: skip
def test_what_is_no_secret_is_left(text: str) -> None:
    assert secrets_in(text) == {}
