"""Where the decisions of a home are, and what to say where a server does not answer: never its password."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL as Address
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from casework.store.refusal import Refused

FILE = "casework.sqlite"
URL = "STRA_CASEWORK_URL"
SQLITE, POSTGRESQL = "sqlite", "postgresql+psycopg"
SPELLINGS = ("postgresql", "postgres", POSTGRESQL)
WAIT_S = 10  # for a server to answer
FORM = "postgresql://USER:PASSWORD@SERVER:5432/DATABASE"
# what a server or the network says -> what was seen, and what helps
CAUSES = (
    (("connection refused",), "nothing answers there (connection refused)", "Start the server"),
    (("starting up", "shutting down", "recovery mode", "not yet accepting"), "it is starting or stopping",
     "Wait until it has started"),
    (("too many clients", "remaining connection slots", "too many connections"), "all its connections are in use",
     "Allow more of them"),
    (("pg_hba",), "it does not admit this machine, user and database", "Admit them in its settings"),
    (("password", 'role "'), "it refused the user or the password", "Correct them"),
    (('database "',), "there is no database of this name", "Create it, empty"),
    (("resolve", "translate host", "name or service not known", "getaddrinfo"), "no machine of this name is known",
     "Correct the name"),
    (("no such file",), "there is no socket there", "Start the server"),
    (("timeout", "timed out"), f"it gave no answer within {WAIT_S} seconds", "See that the network leads there"),
    (("ssl",), "it does not offer the encryption asked for", "Set sslmode in the address"),
)  # fmt: skip


class ServerUnreachable(Refused):
    """The server with the decisions does not answer, or no longer: one sentence, without its password."""


def on_server() -> bool:
    """Whether the environment names a server."""
    return bool(os.environ.get(URL, "").strip())


def of_home(home: Path) -> str:
    """The address of a home's decisions: the server of the environment, else the file. Raises Refused."""
    return server() or of_file(home.resolve() / FILE)


def of_file(path: Path) -> str:
    """The address of a SQLite file."""
    return Address.create(SQLITE, database=str(path)).render_as_string(hide_password=False)


def server() -> str:
    """The address that the environment names, in the form that SQLAlchemy needs; "" for none. Raises Refused."""
    named = os.environ.get(URL, "").strip()
    if not named:
        return ""
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):
        raise Refused(f"{URL}: expected an address like {FORM}, saw one that cannot be read. Correct it.") from None
    if url.drivername not in SPELLINGS or not (url.database or "").strip("/"):
        raise Refused(f"{URL}: expected an address like {FORM}, saw {url.drivername}://... Correct it.")
    if "@" in (url.host or ""):  # else the end of the password would be shown as the name of the server
        raise Refused(f"{URL}: expected signs such as @ in the password as %40, saw one that is not. Correct it.")
    return url.set(drivername=POSTGRESQL).render_as_string(hide_password=False)


def is_server(url: str) -> bool:
    """Whether an address is that of a server."""
    return url.startswith(POSTGRESQL)


def in_words(url: str) -> str:
    """Which place an address is, without any password."""
    place = make_url(url)
    if not is_server(url):
        return str(place.database)
    host = place.host or place.query.get("host") or "this machine"
    at = host if isinstance(host, str) else ", ".join(host)
    return f"the PostgreSQL database {place.database} on {at}{f':{place.port}' if place.port else ''}"


def unreachable(url: str, problem: BaseException, *, is_midway: bool) -> ServerUnreachable:
    """The sentence for a server that does not answer, or that ended a connection midway."""
    said = str(problem).lower()
    seen, remedy = next(
        ((seen, remedy) for words, seen, remedy in CAUSES if any(word in said for word in words)),
        (f"it could not be reached ({type(problem).__name__})", "See that it runs"),
    )
    if is_midway:
        seen, remedy = "it ended the connection", "Look whether the last action is there"
    return ServerUnreachable(
        f"The decisions are in {in_words(url)}: expected it to answer, saw that {seen}. {remedy}, or correct {URL}; "
        "then try again."
    )
