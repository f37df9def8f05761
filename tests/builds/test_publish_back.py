"""An earlier publication is in use again for all audiences, or nothing changes and the message lists what there is."""

import json
from pathlib import Path

import pytest
from commands import stra
from home_by_hand import RUNS, make_home, publish

from casework.access import access_log
from casework.store.database import open_store
from casework.store.sizes import sizes
from dashboards.data import home_state
from dashboards.data.home_state import in_use_again
from dashboards.documents import parts
from dashboards.documents.digest import digest_text
from dashboards.text.content import text
from pipelines.builds.signature import is_earlier_in_use
from pipelines.publication import back
from pipelines.publication.publish import differences
from pipelines.system.build_lock import build_lock
from pipelines.tables.cards import AUDIENCES

FIRST, SECOND, THIRD = RUNS


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def runs(home: Path) -> set[str]:
    """The runs in use, of copies that are all whole."""
    for audience in AUDIENCES:
        assert differences(home / "published" / audience) == []
    assert len(back.in_use(home)) == len(AUDIENCES)
    return set(back.in_use(home).values())


def test_the_publication_before_is_in_use_again_for_all_and_says_so(home: Path) -> None:
    said = stra("publish", "--back", "--home", home, "--by", "A Registrar", "--reason", "A wrong file was delivered.")
    assert f"All audiences use the publication {FIRST} again" in said and "Every page says so" in said
    assert runs(home) == {FIRST}
    for audience in AUDIENCES:
        manifest = json.loads((home / "published" / audience / "manifest.json").read_text())
        assert f"of {FIRST}," in (home / "published" / audience / "core.coverage.parquet").read_text()
        assert manifest["in_use_again"]["reason"] == "A wrong file was delivered."
        # those who commission services are not shown who in the force did it
        assert ("by" in manifest["in_use_again"]) == (audience != "commissioning")
    [last] = access_log.entries(open_store(home), 1)
    assert (last["kind"], last["place"]) == ("alteration", "stra publish --back")
    assert last["subject"] == f"earlier publication {FIRST} in use again, by A Registrar: A wrong file was delivered."
    status = stra("status", "--home", home, code=4)
    assert "\nearlier: An earlier publication" in status
    assert "that of 1 Mar 2026, 01:10 GMT. Reason: A wrong file was delivered.\n" in status
    assert "All published copies match" in stra("verify", "--home", home)


def earlier(home: Path) -> list[str]:
    return [trouble.words for trouble in home_state.read_state(home).troubles if trouble.kind == home_state.EARLIER]


def test_the_banner_has_the_moments_and_the_reason(home: Path) -> None:
    assert earlier(home) == []
    back.go_back(home, back.choose(home), "A Registrar", "")
    [words] = earlier(home)
    assert words.startswith("An earlier publication")
    assert words.endswith(": that of 1 Mar 2026, 01:10 GMT. No reason was given.")
    back.go_back(home, back.choose(home, SECOND), "A Registrar", "A wrong file.")
    assert [words.split(": that of ")[1] for words in earlier(home)] == [
        "2 Mar 2026, 01:10 GMT. Reason: A wrong file."
    ]


def test_pages_documents_and_digests_say_it_in_the_same_words(home: Path) -> None:
    manifest = json.loads((home / "published" / "command" / "manifest.json").read_text(encoding="utf-8"))
    assert in_use_again(manifest) == "" and [name for name, _ in parts.publication(manifest)] == ["Published"]
    stra("publish", "--back", "--home", home, "--by", "A Registrar")
    manifest = json.loads((home / "published" / "command" / "manifest.json").read_text(encoding="utf-8"))
    manifest["in_use_again"]["since"] = "2026-03-03T09:00:00+00:00"
    first = "An earlier publication is in use again since 3 Mar 2026, 09:00 GMT: that of 1 Mar 2026, 01:10 GMT. "
    assert in_use_again(manifest) == f"{first}No reason was given."
    manifest["in_use_again"]["reason"] = "A wrong file."
    assert in_use_again(manifest) == f"{first}Reason: A wrong file."
    assert parts.publication(manifest)[1:] == (("Earlier figures", text(f"{first}Reason: A wrong file.")),)
    state = home_state.read_state(home)
    [banner] = [trouble.words for trouble in state.troubles if trouble.kind == home_state.EARLIER]
    assert banner.startswith("An earlier publication")
    assert f"{banner} See stra status." in [line.words for line in digest_text.build(state)]


def test_the_next_publication_is_in_use_and_is_no_earlier_one(home: Path) -> None:
    assert not is_earlier_in_use(home)
    stra("publish", "--back", "--home", home, "--by", "A Registrar")
    assert is_earlier_in_use(home), "so that a build with nothing else new publishes again"
    publish(home, THIRD)
    assert runs(home) == {THIRD} and not is_earlier_in_use(home) and earlier(home) == []


def test_a_publication_is_named_by_its_run_and_keeps_its_place_among_the_others(home: Path) -> None:
    publish(home, THIRD)
    stra("publish", "--back", "--home", home, "--to", FIRST, "--by", "A Registrar")
    assert runs(home) == {FIRST}
    assert [each.run_ref for each in back.publications(home)] == [FIRST, SECOND, THIRD]
    stra("publish", "--back", "--home", home, "--to", THIRD, "--by", "A Registrar")
    assert runs(home) == {THIRD}
    stra("publish", "--back", "--home", home, "--by", "A Registrar")
    assert runs(home) == {SECOND}, "the one before the one in use, by when it was first published"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "20200101T000000Z"), "expected one of the publications below, saw --to 20200101T000000Z"),
        (("--to", SECOND), f"{SECOND} is in use already"),
    ],
)
def test_a_wrong_publication_is_refused_with_the_list(home: Path, arguments: tuple[str, ...], words: str) -> None:
    before = {audience: (home / "published" / audience).readlink() for audience in AUDIENCES}
    said = stra("publish", "--back", "--home", home, "--by", "A Registrar", *arguments, code=1)
    assert words in said and "What is in use is unchanged. There is:" in said
    assert f"  {FIRST}: published 2026-03-01T01:10:00+00:00, as of 2026-03-01, code 1\n" in said
    assert f"  {SECOND}: published 2026-03-02T01:10:00+00:00, as of 2026-03-02, code 1; in use\n" in said
    assert {audience: (home / "published" / audience).readlink() for audience in AUDIENCES} == before
    assert access_log.entries(open_store(home), 1)[0]["subject"] == "first", "nothing was done, so nothing is logged"


def test_a_publication_that_an_audience_lacks_or_that_was_changed_is_refused(home: Path) -> None:
    publish(home, THIRD, ("command", "integrity"))
    said = stra("publish", "--back", "--home", home, "--by", "A Registrar", code=1)
    assert "expected all audiences to use one publication" in said
    assert (
        f"{THIRD}: " in said and "in use by command, integrity; cannot be used: there is no copy for commission" in said
    )
    victim = back.publications(home)[0].folders["integrity"] / "core.coverage.parquet"
    victim.write_bytes(b"changed")
    said = stra("publish", "--back", "--home", home, "--to", FIRST, "--by", "A Registrar", code=1)
    assert f"{FIRST} cannot be used: {victim}: expected sha256" in said
    stra("publish", "--back", "--home", home, "--to", SECOND, "--by", "A Registrar")
    assert runs(home) == {SECOND}


def test_the_first_publication_has_none_before_it_and_a_home_may_have_none(home: Path, tmp_path: Path) -> None:
    stra("publish", "--back", "--home", home, "--by", "A Registrar")
    said = stra("publish", "--back", "--home", home, "--by", "A Registrar", code=1)
    assert f"expected a whole publication before the one in use ({FIRST}), there is none" in said
    said = stra("publish", "--back", "--home", tmp_path / "none", "--by", "A Registrar", code=1)
    assert "expected a home with a publication; there is none. Run stra build first." in said
    stra("publish", "--home", home, "--by", "A Registrar", code=2)
    stra("publish", "--back", "--home", home, "--by", " ", code=2)


def test_what_cannot_be_logged_is_not_done_nor_while_a_build_runs(home: Path) -> None:
    with build_lock(home):
        assert "another build is running" in stra("publish", "--back", "--home", home, "--by", "R", code=1)
    assert runs(home) == {SECOND}
    open_store(home).dispose()
    (home / "casework.sqlite").write_bytes(b"no database")
    for left in home.glob("casework.sqlite-*"):
        left.unlink()
    said = stra("publish", "--back", "--home", home, "--by", "R", code=1)
    assert "The access log cannot be written" in said and "What is not logged is not done." in said
    assert runs(home) == {SECOND}


class Killed(BaseException):
    """In place of a kill."""


STEPS = [f"{audience}: {step}" for audience in AUDIENCES for step in ("write", "name the folder", "swap the link")]


@pytest.mark.parametrize("at", STEPS)
def test_killed_at_a_step_each_audience_has_one_whole_copy_and_the_same_command_completes_it(
    home: Path, at: str
) -> None:
    def step(name: str) -> None:
        if name == at:
            raise Killed

    with pytest.raises(Killed):
        back.go_back(home, back.choose(home), "A Registrar", "why", step)
    used = back.in_use(home)
    for audience in AUDIENCES:
        assert differences(home / "published" / audience) == []
        is_told = "in_use_again" in json.loads((home / "published" / audience / "manifest.json").read_text())
        assert is_told == (used[audience] == FIRST)
    if at.endswith("write"):
        assert set(used.values()) == {SECOND}, "no link is swapped before all copies are written"
    stra("publish", "--back", "--home", home, "--to", FIRST, "--by", "A Registrar")
    assert runs(home) == {FIRST}
    assert list((home / "published" / "copies").glob("*/.unfinished*")) == []


def test_what_a_home_takes_is_counted_once_and_by_its_use(home: Path) -> None:
    before = sizes(home)
    assert before["rows of deliveries"] == (2, 9 * (28 + 25)) and before["Dagster's records"] == (1, 15)
    stra("publish", "--back", "--home", home, "--by", "A Registrar")
    after = sizes(home)
    # three manifests more; the tables are the same files under another name
    assert after["published copies"][0] == before["published copies"][0] + 3
    assert "on the disk: published copies 0.0" in stra("status", "--home", home, code=4)
