"""Tables of the store: audits, links, panels, the strategic assessment, accounts, and the log of processing.

Audit tables are those of recording-standards 7, audit_*. Ratings, decisions, estimates, answers, overrides, revisions,
accounts, the log of processing and events are append-only.

Times and days are ISO 8601 text (times in UTC with Z), so that SQLite and PostgreSQL store the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from casework.choices.correction_states import STATES as CORRECTION_STATES
from casework.choices.link_reasons import LINK_ROLES, REASONS, VERDICTS
from casework.choices.panel_words import OVERALL
from casework.choices.processing_words import KINDS_OF_PROCESSING, PURPOSES
from casework.choices.questions import ANSWERS, QUESTIONS, RESULTS, ROLES
from casework.choices.register_kinds import KINDS
from casework.choices.scheme_words import DECISIONS, OVERRIDE_REASONS, SUBJECTS

# 2: link_decisions; 3: link_assignments; 4: access_log, panels; 5: overrides, scheme, registers; 6: processing_log,
# accounts, sign-ins; 7: audit_drafts; 8: record_corrections, digests; 9: annotations, saved_views; 10: store_marks,
# and append-only tables that cannot be emptied on PostgreSQL either. It is the version of all that a home keeps:
# published copies name it too.
VERSION = 10
METADATA = MetaData()


def newer(seen: str) -> str:
    """That a home was written by a newer product, and what to do."""
    return (
        f"{seen}, and this product knows versions up to {VERSION}: a newer product wrote to this home. Use that one "
        "again, or restore a backup from before the upgrade."
    )


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} in ({', '.join(repr(v) for v in values)})", name=f"known_{column}")


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, METADATA, *parts, **options)


schema_versions = _table("schema_versions", Column("version", Integer, primary_key=True), Column("created_at", String))

store_marks = _table(  # one row where the decisions were moved elsewhere, or are arriving: see move.py
    "store_marks",
    Column("mark", String, primary_key=True),
    Column("words", String, nullable=False),
    Column("made_at", String, nullable=False),
)

events = _table(  # append-only: see store.py for the triggers
    "events",
    Column("event_number", Integer, primary_key=True, autoincrement=True),
    Column("happened_at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject_type", String, nullable=False),
    Column("subject_ref", String, nullable=False),
    Column("detail", String, nullable=False),
    sqlite_autoincrement=True,
)

audit_cycles = _table(
    "audit_cycles",
    Column("cycle_ref", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("question", String, nullable=False),
    Column("period_from", String, nullable=False),  # first day of the first month
    Column("period_to", String, nullable=False),  # first day of the last month
    Column("registrar", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("frame_hash", String),
    Column("frozen_at", String),
    Column("seed", Integer),
    Column("drawn_at", String),
    Column("signed_off_at", String),
    Column("signed_off_by", String),
    Column("learning", String),
    Column("reaudit_due", String),
)

audit_strata = _table(
    "audit_strata",
    Column("cycle_ref", ForeignKey("audit_cycles.cycle_ref"), primary_key=True),
    Column("stratum", String, primary_key=True),
    Column("unit_count", Integer, nullable=False),
    Column("expected_share", Double),
    Column("wanted_margin", Double),
    Column("required_count", Integer),
    Column("drawn_count", Integer),
)

audit_frames = _table(
    "audit_frames",
    Column("cycle_ref", ForeignKey("audit_cycles.cycle_ref"), primary_key=True),
    Column("unit_type", String, primary_key=True),
    Column("unit_ref", String, primary_key=True),
    Column("stratum", String, nullable=False),
    Column("report_ref", String, nullable=False),
    Column("month", String, nullable=False),
    Column("class_code", String),
    Column("ho_code", String),
    Column("linked_refs", String),
    Column("phrases", String),
    Column("recorded_outcome_code", String),
    _one_of("unit_type", ("crime", "incident")),
)

audit_samples = _table(
    "audit_samples",
    Column("sample_ref", String, primary_key=True),
    Column("cycle_ref", ForeignKey("audit_cycles.cycle_ref"), nullable=False),
    Column("stratum", String, nullable=False),
    Column("unit_type", String, nullable=False),
    Column("unit_ref", String, nullable=False),
    Column("draw_number", Integer, nullable=False),
    Column("is_second_random", Integer, nullable=False),  # in the random fifth that is rated twice
    UniqueConstraint("cycle_ref", "unit_type", "unit_ref"),
)

audit_assignments = _table(  # one person a unit and role: the first to open it has it, so no work is done twice
    "audit_assignments",
    Column("sample_ref", ForeignKey("audit_samples.sample_ref"), primary_key=True),
    Column("rater_role", String, primary_key=True),
    Column("rater_ref", String, nullable=False),
    Column("assigned_at", String, nullable=False),
    _one_of("rater_role", ROLES),
)

audit_drafts = _table(  # answers given so far, for their rater alone: gone once they are a rating
    "audit_drafts",
    Column("sample_ref", ForeignKey("audit_samples.sample_ref"), primary_key=True),
    Column("rater_role", String, primary_key=True),
    Column("rater_ref", String, primary_key=True),
    Column("answers", String, nullable=False),  # JSON
    _one_of("rater_role", ROLES),
)

audit_ratings = _table(  # a change is a new row with the next revision
    "audit_ratings",
    Column("rating_ref", String, primary_key=True),
    Column("sample_ref", ForeignKey("audit_samples.sample_ref"), nullable=False),
    Column("rater_ref", String, nullable=False),
    Column("rater_role", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rated_at", String, nullable=False),
    Column("crimes_required", Integer),
    Column("crimes_recorded", Integer),
    *(Column(q.code, String) for q in QUESTIONS),
    Column("outcome_code_due", String),
    Column("outcome_correct", String),  # from the code due and the one recorded, which the rater does not see
    Column("evidence_note", String, nullable=False),
    Column("result", String, nullable=False),
    UniqueConstraint("sample_ref", "rater_ref", "rater_role", "revision"),
    UniqueConstraint("sample_ref", "rater_role", "revision"),
    _one_of("rater_role", ROLES),
    _one_of("result", RESULTS),
    *(_one_of(q.code, ANSWERS) for q in QUESTIONS),
)

audit_findings = _table(
    "audit_findings",
    Column("finding_ref", String, primary_key=True),
    Column("sample_ref", ForeignKey("audit_samples.sample_ref"), nullable=False),
    Column("category", String, nullable=False),
    Column("rule_code", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("due_date", String, nullable=False),
    Column("words", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("fixed_at", String),
    Column("fixed_ref", String),
    Column("revision", Integer, nullable=False),
)

audit_estimates = _table(  # each calculation is a round of its own; the last one counts
    "audit_estimates",
    Column("cycle_ref", ForeignKey("audit_cycles.cycle_ref"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("metric", String, primary_key=True),
    Column("stratum", String, primary_key=True),  # "overall" for several together
    Column("strata", String, nullable=False),
    Column("population", Integer, nullable=False),
    Column("passed", Double),
    Column("rated", Double, nullable=False),
    Column("not_evaluable", Integer, nullable=False),
    Column("share", Double),
    Column("lower", Double),
    Column("upper", Double),
    Column("method", String, nullable=False),
    Column("caveat", String, nullable=False),
    Column("made_at", String, nullable=False),
)

link_decisions = _table(  # a reviewer's decision on two records; a change is a new row with the next revision
    "link_decisions",
    Column("decision_ref", String, primary_key=True),
    Column("person_key_l", String, nullable=False),  # the lesser of the two keys
    Column("person_key_r", String, nullable=False),
    Column("reader_ref", String, nullable=False),
    Column("reader_role", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("decided_at", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("reason_code", String, nullable=False),
    Column("is_blind", Integer, nullable=False),  # decided before the weight was shown
    UniqueConstraint("person_key_l", "person_key_r", "reader_role", "revision"),
    CheckConstraint("person_key_l < person_key_r", name="keys_in_order"),
    _one_of("reader_role", LINK_ROLES),
    _one_of("verdict", VERDICTS),
    _one_of("reason_code", tuple(REASONS)),
)

link_assignments = _table(  # a reviewer has one seat at a pair, a seat one reviewer: the first to take the pair has it
    "link_assignments",
    Column("person_key_l", String, primary_key=True),
    Column("person_key_r", String, primary_key=True),
    Column("reader_role", String, primary_key=True),
    Column("reader_ref", String, nullable=False),
    Column("taken_at", String, nullable=False),
    UniqueConstraint("person_key_l", "person_key_r", "reader_ref"),
    CheckConstraint("person_key_l < person_key_r", name="keys_in_order"),
    _one_of("reader_role", LINK_ROLES),
)

access_log_head = _table(  # the last row's number and hash, of every chain: shows a log that lost its end
    "access_log_head",
    Column("log_name", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("row_hash", String, nullable=False),
)

panel_samples = _table(
    "panel_samples",
    Column("panel_ref", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("period_from", String, nullable=False),
    Column("period_to", String, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("frame_hash", String, nullable=False),
    Column("settings", String, nullable=False),  # JSON: size, fewest of a stratum, smallest group, with charges or not
    Column("questions", String, nullable=False),  # JSON: the questions as they were when the sample was drawn
    Column("pseudonym_key", String, nullable=False),  # of this sample alone; never leaves the store
    Column("drawn_at", String, nullable=False),
    Column("drawn_by", String, nullable=False),
)

panel_frames = _table(  # the frame of the sample: later builds do not change it
    "panel_frames",
    Column("panel_ref", ForeignKey("panel_samples.panel_ref"), primary_key=True),
    Column("crime_ref", String, primary_key=True),
    Column("stratum", String, nullable=False),
)

panel_cases = _table(
    "panel_cases",
    Column("panel_ref", ForeignKey("panel_samples.panel_ref"), primary_key=True),
    Column("case_ref", String, primary_key=True),  # the pseudonym
    Column("crime_ref", String, nullable=False),
    Column("stratum", String, nullable=False),
    Column("draw_number", Integer, nullable=False),
    Column("facts", String, nullable=False),  # JSON: coarse facts, as the panel reads them
    UniqueConstraint("panel_ref", "crime_ref"),
)

panel_answers = _table(  # the panel's finding on a case; a change is the next revision
    "panel_answers",
    Column("panel_ref", String, primary_key=True),
    Column("case_ref", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("answers", String, nullable=False),  # JSON: question -> answer
    Column("overall", String, nullable=False),
    Column("comment", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("recorded_by", String, nullable=False),
    _one_of("overall", tuple(OVERALL)),
)

panel_actions = _table(  # the tracker: action on a finding, its owner and due date
    "panel_actions",
    Column("action_ref", String, primary_key=True),
    Column("panel_ref", ForeignKey("panel_samples.panel_ref"), nullable=False),
    Column("case_ref", String, nullable=False),  # empty for the sample as a whole
    Column("finding", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("due_date", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("done_at", String),
    Column("done_words", String),
    Column("revision", Integer, nullable=False),
)


def _chained(name: str, *columns: Any) -> Table:
    """An append-only table; each row has the hash of the one before: see chain.py."""
    return _table(
        name,
        Column("sequence", Integer, primary_key=True, autoincrement=False),
        *columns,
        Column("previous_hash", String, nullable=False, unique=True),  # no two rows share a predecessor
        Column("row_hash", String, nullable=False, unique=True),
    )


processing_log = _chained(  # actions with records of people: see access_log.py
    "processing_log",
    Column("logged_at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("who", String, nullable=False),
    Column("who_kind", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("place", String, nullable=False),  # page, document or command
    Column("subject", String, nullable=False),
    Column("record_count", Integer),  # null where the number is not known
    Column("recipient", String, nullable=False),
    Column("purpose", String, nullable=False),
    _one_of("kind", tuple(KINDS_OF_PROCESSING)),
    _one_of("purpose", tuple(PURPOSES)),
)

access_log = _chained(  # viewings from stores of versions 4 and 5: their chain is checked, none are added
    "access_log",
    Column("viewed_at", String, nullable=False),
    Column("viewer", String, nullable=False),
    Column("viewer_kind", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("page", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("record_count", Integer, nullable=False),
)

account_changes = _chained(  # roles of people; the last row of an identity applies: see accounts.py
    "account_changes",
    Column("identity", String, nullable=False),
    Column("roles", String, nullable=False),  # JSON, in alphabetical order: roles and "unit NAME"; [] for none
    Column("is_disabled", Integer, nullable=False),
    Column("ends_sign_ins", Integer, nullable=False),  # every sign-in begun before this row is over
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("reason", String, nullable=False),
)

sign_ins = _table(  # one row a sign-in: when it began, was last used and ended
    "sign_ins",
    Column("sign_in_ref", String, primary_key=True),  # a hash: a reader of the table can sign in as nobody
    Column("identity", String, nullable=False),
    Column("began_at", String, nullable=False),
    Column("last_used_at", String, nullable=False),
    Column("ended_at", String),
    Column("end_reason", String),
)

score_overrides = _chained(
    "score_overrides",
    Column("override_ref", String, nullable=False, unique=True),
    Column("theme_code", String, nullable=False),
    Column("part_code", String, nullable=False),
    Column("automatic_score", Integer),  # null where nothing was measured
    Column("override_score", Integer, nullable=False),
    Column("reason_code", String, nullable=False),
    Column("rationale", String, nullable=False),
    Column("evidence_ref", String, nullable=False),
    Column("analyst", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("valid_to", String, nullable=False),  # the last day on which it counts
    CheckConstraint("override_score between 0 and 4 and automatic_score between 0 and 4", name="scores_0_to_4"),
    _one_of("reason_code", tuple(OVERRIDE_REASONS)),
)

override_decisions = _chained(
    "override_decisions",
    Column("override_ref", ForeignKey("score_overrides.override_ref"), nullable=False),
    Column("decision", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("words", String, nullable=False),
    Column("decided_at", String, nullable=False),
    _one_of("decision", tuple(DECISIONS)),
)

scheme_changes = _chained(
    "scheme_changes",
    Column("scheme_version", Integer, nullable=False, unique=True),  # 1 is what the product ships
    Column("subject", String, nullable=False),
    Column("key", String, nullable=False),
    Column("old_value", Double),  # null for a definition: a file of the product or a rule
    Column("new_value", Double),
    Column("reason", String, nullable=False),
    Column("accepted_by", String, nullable=False),
    Column("accepted_at", String, nullable=False),
    Column("effect", String, nullable=False),  # JSON: what was shown to move before it was accepted
    _one_of("subject", tuple(SUBJECTS)),
)

register_rows = _table(  # an entry of a register; a change is the next revision
    "register_rows",
    Column("register", String, primary_key=True),
    Column("entry_ref", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("fields", String, nullable=False),  # JSON: see register_kinds.py
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("is_closed", Integer, nullable=False),
    _one_of("register", tuple(KINDS)),
)

record_corrections = _table(  # what is done about a record that breaches a standard; a change is the next revision
    "record_corrections",
    Column("rule_code", String, primary_key=True),
    Column("record_type", String, primary_key=True),
    Column("record_ref", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("status", String, nullable=False),
    Column("owner", String, nullable=False),  # the person or team who corrects it; empty for none
    Column("due_date", String, nullable=False),  # empty for none
    Column("words", String, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
    _one_of("status", tuple(CORRECTION_STATES)),
)

digests = _table(  # a digest that was sent, with its lines, so that the next one says what is new
    "digests",
    Column("name", String, primary_key=True),
    Column("sent_at", String, primary_key=True),
    Column("lines", String, nullable=False),  # JSON; of no person
)

assessment_themes = _table(  # an assessment when issued, a row a theme; append-only
    "assessment_themes",
    Column("assessment_ref", String, primary_key=True),
    Column("theme_code", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("as_of_date", String, nullable=False),
    Column("scheme_version", Integer, nullable=False),
    Column("scheme_hash", String, nullable=False),
    Column("manifest_hash", String, nullable=False),
    Column("risk", Double, nullable=False),
    Column("rank", Integer),  # null for a theme that counts crimes of others
    Column("rank_low", Integer),
    Column("rank_high", Integer),
    Column("override_count", Integer, nullable=False),
    Column("issued_at", String, nullable=False),
    Column("issued_by", String, nullable=False),
)

annotation_rows = _table(  # a note on a series of a measure; a change or a withdrawal is the next revision
    "annotations",
    Column("annotation_ref", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("measure_code", String, nullable=False),
    Column("force_code", String, nullable=False),
    Column("breakdown", String, nullable=False),
    Column("breakdown_value", String, nullable=False),
    Column("about_date", String, nullable=False),  # the day that the note is about
    Column("words", String, nullable=False),
    Column("is_withdrawn", Integer, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
)

saved_views = _table(  # an address of a page under a name; a change or a withdrawal is the next revision
    "saved_views",
    Column("view_ref", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),  # of a page of this server, without the server's own
    Column("owner", String, nullable=False),
    Column("is_shared", Integer, nullable=False),
    Column("is_withdrawn", Integer, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
)

Index("decisions_of_pair", link_decisions.c.person_key_l, link_decisions.c.person_key_r)
Index("ratings_of_sample", audit_ratings.c.sample_ref)
Index("samples_of_cycle", audit_samples.c.cycle_ref)
