"""Files: exactly the tables and fields of recording-standards 7, as a record system would export them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from sample.synth.clock import NONE

TIMES = ("ts", "first_seen", "last_seen", "notify_due")
DATES = ("expires", "review_due", "next_due", "dod", "completed_on", "valid_until")
LOCAL = ("crime", "incident", "review", "custody", "order_")  # these have London time with its offset, the rest `Z`
# whole numbers inside, references outside: column -> prefix and width
PREFIXES = {
    "crime": ("INV-C", 8), "incident": ("INV-I", 8), "order": ("INV-O", 8), "ra": ("INV-R", 8), "custody": ("INV-K", 8),
    "person_key": ("INV-P", 8), "victim_key": ("INV-P", 8), "suspect_key": ("INV-P", 8), "respondent_key": ("INV-P", 8),
    "to_key": ("INV-P", 8),
}  # fmt: skip
STAFF = (
    "recording_collar", "supervising_collar", "oic_id", "authoriser_id", "verifier", "by_id", "changed_by", "set_by",
    "added_by", "second_check_by", "owner_id", "person_id", "deputy_id", "investigator_id", "extended_by", "issued_by",
    "decision_by", "collar",
)  # fmt: skip
TABLES: dict[str, str] = {
    "force": "force_code name rms",
    "incident": "incident_id force_code created_ts closed_ts channel caller_role nsir_open nsir_close graded log_text"
    " attended_ts da_flag crime_related no_crime_rationale decision_by decision_ts",
    "crime": "crime_id crime_ref force_code incident_id report_group_id reported_ts recorded_ts offence_from_ts"
    " offence_to_ts ho_code_raw ho_code class_code cjs_code class_label mo_text harassment_only_rationale coc_count"
    " course_of_conduct s1_1a status location_type postcode_sector lat lon lsoa21 recording_collar supervising_collar"
    " oic_id vcop_enhanced needs_assessment_ts vps_offered_ts dmm_flag",
    "included_classification": "crime_id ho_code class_code added_ts added_by reason",
    "classification_history": "crime_id seq ho_code class_code changed_ts changed_by reason second_check_by",
    "removal": "crime_id removal_code removal_ts authoriser_id authoriser_role avi_text verifier receiving_force"
    " receiving_ref accepted_ts parent_crime_ref victim_informed_ts",
    "crime_flag": "crime_id flag set_ts set_by",
    "crime_link": "crime_id other_id other_kind link_type linked_ts",
    "person": "person_key birth_ym sex ethnicity_self pncid_hash dod",
    "party_role": "crime_id person_key role named relationship vulnerability age_at_offence age_at_disposal"
    " first_added_ts eliminated_ts victim_support",
    "pair": "pair_id victim_key suspect_key first_seen last_seen n_incident n_crime",
    "outcome": "outcome_id crime_id seq code code_raw outcome_ts authoriser_id authoriser_rank rationale alt_ho_code"
    " other_body victim_informed_ts is_current",
    "victim_engagement": "crime_id ts kind channel by_id decision reason record_ref",
    "victim_contact": "crime_id ts direction reason by_id kind",
    "risk_assessment": "ra_id crime_id tool version started_ts completed_ts by_id grade"
    " professional_judgement answers stage",
    "risk_plan": "ra_id owner_id actions review_due closed_ts victim_consulted",
    "review": "review_id crime_id ts level by_id offence_check vcop_check prior_linked next_due",
    "investigator": "person_id collar unit rank pip_level role",
    "allocation": "crime_id investigator_id from_ts to_ts spoc_consult_ts reason",
    "investigator_absence": "person_id from_ts to_ts deputy_id",
    "line_of_enquiry": "crime_id type raised_ts required done_ts result",
    "notice": "notice_id crime_id type issued_ts issued_by to_key",
    "order_": "order_id type victim_key respondent_key applied_ts interim granted_ts served_ts expires court"
    " grounds_acts grounds_risk grounds_necessary conditions_n positive_req outcome notify_due notified_ts"
    " considered_ts not_applied_rationale",
    "order_breach": "breach_id order_id ts crime_id arrest_ts no_crime_rationale condition_no",
    "order_event": "order_id ts kind",
    "order_condition": "order_id condition_no kind",
    "referral": "referral_id crime_id service offered_ts consent sent_ts accepted_ts",
    "custody": "custody_id crime_id person_key arrest_ts asn arrest_reason interview_ts release_ts disposal",
    "bail": "custody_id type start_ts end_ts conditions_n extended_by breached_ts rationale",
    "cps_submission": "crime_id ts type decision_ts decision advice_kind",
    "case_file": "crime_id item present quality ts",
    "case_step": "step_id crime_id kind raised_ts done_ts",
    "staff_course": "person_id course completed_on valid_until",
}
OWN_KEYS = {
    "outcome": "outcome_id",
    "review": "review_id",
    "notice": "notice_id",
    "order_breach": "breach_id",
    "referral": "referral_id",
    "case_step": "step_id",
    "pair": "pair_id",
}


def reference(column: str, prefix: str, width: int) -> pl.Expr:
    """A number as a reference, null where it is negative."""
    return pl.when(pl.col(column) >= 0).then(pl.lit(prefix) + pl.col(column).cast(pl.String).str.zfill(width))


def exported(table: str, frame: pl.DataFrame, local: Collection[str] = LOCAL) -> pl.DataFrame:
    """The table as text, with the extract's names. Tables that are `local` have London time, the rest UTC."""
    fields = TABLES[table].split()
    own = OWN_KEYS.get(table)
    if own:
        frame = frame.with_columns(pl.int_range(pl.len()).alias("_own"))
        frame = frame.with_columns(reference("_own", f"INV-{own[0].upper()}{own[1].upper()}", 8).alias(own))
    if table == "investigator":
        frame = frame.with_columns(collar=pl.col("person_id"))
    columns: list[pl.Expr] = []
    for field in fields:
        stem = field.removesuffix("_id")
        source = stem if stem in PREFIXES and stem in frame.columns and stem != field else field
        kind = frame.schema[source]
        if source in PREFIXES and kind.is_integer():
            columns.append(reference(source, *PREFIXES[source]).alias(field))
        elif field == "incident_id":
            columns.append(reference(source, "INV-I", 8).alias(field))
        elif field == "report_group_id":
            columns.append(reference(source, "INV-G", 8).alias(field))
        elif field == "parent_crime_ref" and kind.is_integer():
            columns.append(reference(source, "INV/", 8).alias(field))
        elif field == "other_id" and kind.is_integer():
            crime = pl.col("other_kind") == "crime"
            text = pl.col("other_id").cast(pl.String).str.zfill(8)
            columns.append((pl.when(crime).then(pl.lit("INV-C")).otherwise(pl.lit("INV-I")) + text).alias(field))
        elif field in STAFF and kind.is_integer():
            columns.append(reference(source, "INV-S", 6).alias(field))
        elif (field.endswith("_ts") or field in TIMES or field in DATES) and kind.is_integer():
            columns.append(timed(source, field, table in local).alias(field))
        elif kind.is_integer():
            columns.append(pl.when(pl.col(source) >= 0).then(pl.col(source)).alias(field))
        elif kind.is_float():
            columns.append(pl.col(source).fill_nan(None).round(4).alias(field))
        else:
            columns.append(pl.col(source).alias(field))
    return frame.select(columns)


def timed(source: str, field: str, is_local: bool) -> pl.Expr:
    """A date of the London calendar, or a time."""
    at = pl.from_epoch(pl.when(pl.col(source) != NONE).then(pl.col(source)), time_unit="s").dt.replace_time_zone("UTC")
    if field in DATES:
        return at.dt.convert_time_zone("Europe/London").dt.strftime("%Y-%m-%d")
    if is_local:
        return at.dt.convert_time_zone("Europe/London").dt.strftime("%Y-%m-%dT%H:%M:%S%:z")
    return at.dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def save(frame: pl.DataFrame, folder: Path, name: str, form: str) -> None:
    """One file; csv or parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "parquet":
        frame.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=1)
    else:
        frame.write_csv(folder / f"{name}.csv")
