"""Rules on the classification of stalking and harassment (recording-standards 1.4 to 1.6 and 6.3).

Recording is a human decision: except two impossible dates, every breach is a question for the registrar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from expectations.rule import Rule


def _rule(code: str, fact: str, **parts: Any) -> Rule:
    """A rule on crimes whose fact has to be true."""
    return Rule(
        code=code,
        arguments={"column": fact, "value_set": [True]},
        **{"record_type": "crime", "record_ref": "crime_ref", "dimension": "accuracy", **parts},
    )


_CLASS = "core.classification_facts"
_PAIR = "core.pair_conduct_facts"
_FLAG = "core.domestic_flag_facts"
_TEXT = "core.text_class_facts"
_SERIES: dict[str, Any] = {
    "table": "core.recording_series_facts",
    "record_type": "series",
    "record_ref": "series_ref",
    "severity": "info",
}
_PEOPLE = ("party_role.role", "party_role.relationship")
_RECORDED = ("crime.recorded_ts", "crime.class_code")
_PAIRED = ("party_role.role", "party_role.person_key", "crime.reported_ts")
_MO = "crime.mo_text"
_WORDS = (
    " Words of the MO and of the crime's own incident log; negated phrases do not count. With neither text it is not "
    "evaluable where the words decide."
)

RULES = (
    _rule(
        "CLS-01",
        "is_former_partner_rule_kept",
        title="A course of conduct by a former partner is recorded as stalking",
        description="Examined: 8L and 8M recorded from 1 April 2020 on, removed ones too. Breached by a course of "
        "conduct by a former spouse, civil partner or partner. A rationale that it is harassment in law only meets "
        "the standard. A relationship or conduct that is missing and decides is not evaluable.",
        authority="recording-standards 6.3, 6.0.11, 1.4 (R20); Home Office counting rules, April 2020 (ONS notes on "
        "stalking and harassment)",
        table=_CLASS,
        applies="class_code in ('8L', '8M')",
        valid_from=date(2020, 4, 1),
        needs=(*_PEOPLE, *_RECORDED, "crime.course_of_conduct", "crime.harassment_only_rationale"),
        detail="'recorded as ' || class_code || ', relationship ' || replace(relationships, '|', ' and ')"
        " || ', course of conduct, no rationale for harassment only'",
    ),
    _rule(
        "CLS-02",
        "is_former_partner_conduct_seen",
        title="Repeated acts by a former partner are not recorded as something else",
        description="Examined: 8R, 9A, 3B and criminal damage on record, recorded from 1 April 2020 on. Criminal "
        "damage is 58A to 58H and 58J. Breached by a former partner with two or more earlier occasions of the pair "
        "in 12 months before the report. A crime and its incident are one; the crime's own, and cancelled and "
        "transferred crimes, are not counted. The rationale of CLS-01 meets the standard. A relationship or pair "
        "that is missing and decides is not evaluable.",
        authority="recording-standards 6.3, 6.0.11, 1.4 (R20, R23); Home Office counting rules, April 2020 (ONS notes "
        "on stalking and harassment)",
        table=_PAIR,
        applies="is_instead_of_stalking",
        valid_from=date(2020, 4, 1),
        needs=(*_PEOPLE, *_PAIRED[1:], *_RECORDED, "crime.harassment_only_rationale"),
        detail="'recorded as ' || class_code || ' after ' || earlier_in_window_count || ' earlier incidents or crimes"
        " of the same two people in 12 months, relationship ' || replace(relationships, '|', ' and ')",
    ),
    _rule(
        "CLS-03",
        "are_single_acts_seen_together",
        title="Single acts on one victim by one suspect are linked",
        description="Examined: 8R, 9A, 8N, 105A and 58C on record. Breached by another such crime, or an incident, "
        "of the pair within 12 months either side. An 8L, 8Q or 8U anywhere on the pair, included classifications "
        "too, meets the standard. Every such crime is listed. Cancelled and transferred crimes are left out. "
        "Without a pair or a report it is not evaluable.",
        authority="recording-standards 6.3, 6.0.11, 1.6; Protection from Harassment Act 1997, s.7(3)",
        table=_PAIR,
        applies="is_single_act",
        needs=(*_PAIRED, "crime.class_code"),
        detail="'recorded as ' || class_code || ' as well as ' || other_single_acts_count || ' other incidents or "
        "crimes of"
        " the same two people in 12 months, none as stalking, harassment or controlling behaviour'",
    ),
    _rule(
        "CLS-04",
        "is_free_of_four_signal",
        version=2,
        title="Fixated, obsessive, unwanted, repeated: recorded as stalking",
        description="Examined: 8L, 8R, 9A, 3B and criminal damage, removed ones too. Breached by three of the four: "
        "fixated, obsessive, unwanted, repeated; two linked incidents are repeated too. An included classification "
        "of stalking meets the standard." + _WORDS,
        authority="recording-standards 6.3, 6.9, 1.6; Suzy Lamplugh Trust on fixation",
        table=_TEXT,
        applies="is_class_before_stalking",
        needs=(_MO, "crime.class_code"),
        detail="'recorded as ' || class_code || ', but the words show ' || four_score"
        " || ' of the four signs of stalking'",
    ),
    _rule(
        "CLS-05",
        "is_free_of_stalking_behaviour",
        version=2,
        title="Behaviour of s.2A(3) is not recorded as harassment",
        description="Examined: 8L, removed ones too. Breached by one of the seven behaviours, whatever the "
        "relationship. An included classification of stalking meets the standard." + _WORDS,
        authority="recording-standards 6.3, 6.9, 1.6; Protection from Harassment Act 1997, s.2A(3)",
        table=_TEXT,
        applies="class_code = '8L'",
        needs=(_MO, "crime.class_code"),
        detail="'recorded as 8L, but the words show a behaviour of stalking'",
    ),
    _rule(
        "CLS-06",
        "is_free_of_grave_signs",
        title="Stalking with fear of violence or serious effect is not recorded as s.2A",
        description="Examined: crimes of code 195/12, removed ones too. Breached by the words of s.4A, or by high "
        "risk in the latest complete assessment. A crime without a grade does not count as high risk." + _WORDS,
        authority="recording-standards 6.3, 6.9, 1.6; Protection from Harassment Act 1997, s.4A",
        table=_TEXT,
        applies="ho_code = '195/12'",
        needs=(_MO, "crime.ho_code"),
        detail="'recorded as 195/12, but ' || case when has_violence_or_effect and risk_grade = 'high' then"
        " 'the words show fear of violence or serious effect, and the risk is high' when has_violence_or_effect then"
        " 'the words show fear of violence or serious effect' else 'the risk is high' end",
    ),
    _rule(
        "CLS-07",
        "is_second_checked",
        title="A second person checks every downgrade",
        description="Examined: downgrades, of removed crimes too, each a test. Downgrades are 8Q to 8L, 8/65 or "
        "8/66 to 195/12 or 195/94, 8/30 to 195/94, and 8/58 to 8/56. Breached without second_check_by. Steps are "
        "those of the history by seq. The step from its last row to the class now has the check of that row.",
        authority="recording-standards 6.3, 6.0.11, 1.3; Home Office counting rules, section B",
        table="core.classification_change_facts",
        applies="is_downgrade",
        needs=(
            "crime.ho_code",
            "crime.class_code",
            "classification_history.ho_code",
            "classification_history.class_code",
            "classification_history.second_check_by",
        ),
        detail="'changed from ' || coalesce(from_ho_code, from_class_code) || ' to '"
        " || coalesce(to_ho_code, to_class_code) || ' without a second check'",
    ),
    _rule(
        "CLS-08",
        "is_free_of_violence_words",
        title="Harassment with fear of violence is not recorded as s.2",
        description="Examined: crimes of code 195/94, removed ones too. Breached by the words of s.4A: consider "
        "8/30." + _WORDS,
        authority="recording-standards 6.3, 6.9, 2.1; Protection from Harassment Act 1997, s.4",
        table=_TEXT,
        applies="ho_code = '195/94'",
        needs=(_MO, "crime.ho_code"),
        detail="'recorded as 195/94, but the words show fear of violence or serious effect: consider 8/30'",
    ),
    _rule(
        "CLS-09",
        "has_course_of_conduct",
        title="Stalking and harassment have a course of conduct",
        description="Examined: 8L and 8Q on record, other than breaches of orders (8/29, 8/31) and harassment in "
        "the home (125/68). Met by two occasions, conduct against two or more people, an earlier crime of the pair, "
        "or a linked record. Earlier crimes that were cancelled or transferred are left out. Without these, an "
        "empty number of occasions or of the mark s1_1a is not evaluable.",
        authority="recording-standards 6.3, 6.0.11, 1.6; Protection from Harassment Act 1997, s.7(3) and s.1(1A)",
        table=_PAIR,
        applies="is_course_of_conduct_offence",
        needs=(
            *_PAIRED,
            "crime.class_code",
            "crime.ho_code",
            "crime.coc_count",
            "crime.s1_1a",
            "crime_link.other_id",
        ),
        detail="occasion_count || ' occasions, no earlier crime of the same two people, nothing linked'",
    ),
    _rule(
        "CLS-10",
        "is_conduct_under_stalking_law",
        title="No stalking before stalking was an offence",
        description="Examined: 8Q, removed ones too. Breached where the conduct ended before 25 November 2012, by "
        "the London day. Where the end is not given and the beginning is earlier or missing, it is not evaluable.",
        authority="recording-standards 6.3, 1.4 (R12); Protection from Harassment Act 1997, s.2A and s.4A",
        severity="error",
        table=_CLASS,
        applies="class_code = '8Q'",
        needs=("crime.offence_from_ts", "crime.offence_to_ts", "crime.class_code"),
        detail="'conduct until ' || cast(conduct_until_date as varchar) || '; stalking is an offence since 25 Nov "
        "2012'",
    ),
    _rule(
        "CLS-11",
        "is_recorded_under_stalking_class",
        title="No 8Q before the class existed",
        description="Examined: 8Q, removed ones too. Breached where recorded before 1 April 2014, by the London day.",
        authority="recording-standards 6.3, 1.4 (R14); Home Office counting rules, April 2014 (ONS notes on stalking "
        "and harassment)",
        severity="error",
        table=_CLASS,
        applies="class_code = '8Q'",
        needs=("crime.recorded_ts", "crime.class_code"),
        detail="'recorded as 8Q on ' || cast(recorded_date as varchar) || '; the class exists since 1 Apr 2014'",
    ),
    _rule(
        "CLS-12",
        "is_assessed_as_stalking",
        title="The breach of an order is assessed as stalking or harassment",
        description="Examined: recorded breaches of restraining, non-molestation and stalking protection orders, "
        "removed crimes too. These are 8/31, 8/74, 66/38, 66/39, and whatever crime an order_breach of such an "
        "order names. Met by an 8Q, or an 8L other than 8/31, on record and reported within 90 days either side. It "
        "is principal or included, in the crime itself, or in one of the same two people or linked. A rationale of "
        "the breach meets the standard too. Without it, a breach whose pair is not known is not evaluable.",
        authority="recording-standards 6.3, 6.0.11, 1.5; HMICFRS, Sussex inspection, 2019, recommendation 9443",
        version=2,
        table="core.breach_crime_facts",
        needs=(
            *_PAIRED,
            "crime.ho_code",
            "crime.class_code",
            "order_.type",
            "order_breach.order_id",
            "order_breach.crime_id",
            "order_breach.no_crime_rationale",
            "crime_link.other_id",
            "crime_link.other_kind",
        ),
        detail="'breach of an order (' || coalesce(ho_code, class_code) || ') without stalking or harassment within"
        " 90 days'",
    ),
    _rule(
        "CLS-13",
        "is_stalking_included",
        version=2,
        title="Stalking with a more serious crime is an included classification",
        description="Examined: rape, homicide and attempts, s.18, s.20 and threats to kill, recorded from 1 June "
        "2023 on, removed ones too. The day in May is not established; reference.class_groups lists the classes as "
        "graver. Breached by three of the four signs of CLS-04 without an included classification." + _WORDS,
        authority="recording-standards 6.3, 6.0.11, 1.5 (recommendation 7); Super-complaint on the police response to "
        "stalking, 2024, recommendation 7",
        table=_TEXT,
        applies="is_graver",
        valid_from=date(2023, 6, 1),
        needs=(_MO, *_RECORDED, "included_classification.class_code"),
        detail="'recorded as ' || class_code || ' without included classifications, but the words show ' || four_score"
        " || ' of the four signs of stalking'",
    ),
    _rule(
        "CLS-14",
        "is_other_crime_recorded",
        title="A course of conduct and another offence are two records",
        description="Examined: crimes of two kinds of class, recorded from 1 April 2018 to 30 April 2023, removed "
        "ones too. Principal and included classes include a course of conduct (8L, 8M, 8Q, 8U) and something else. "
        "May 2023 is left out. Breached where the report has only one crime. Not evaluable where the report is not "
        "given.",
        authority="recording-standards 6.3, 1.4 (R18, R23); settled points, dates; Home Office counting rules, April "
        "2018 (ONS notes on stalking and harassment); Home Office, April 2023",
        table=_CLASS,
        applies="has_conduct_beside_other_class",
        valid_from=date(2018, 4, 1),
        valid_to=date(2023, 4, 30),
        needs=(*_RECORDED, "crime.force_code", "crime.report_group_id", "included_classification.class_code"),
        detail="'a course of conduct and another offence in one record, the only one of report ' || report_group_ref",
    ),
    _rule(
        "CLS-15",
        "is_free_of_coercion_by_partner",
        title="Coercion by a partner is considered for controlling behaviour",
        description="Examined: 8L and 8Q, whatever the relationship, removed ones too. Breached by words of "
        "coercion where a present spouse, civil partner or partner is recorded: consider 8U. With such words and no "
        "relationship it is not evaluable." + _WORDS,
        authority="recording-standards 6.3, 1.6; Serious Crime Act 2015, s.76",
        table=_TEXT,
        applies="class_code in ('8L', '8Q')",
        needs=(_MO, *_PEOPLE, "crime.class_code"),
        detail="'recorded as ' || class_code || ' by a present partner, but the words show coercion: consider 8U'",
    ),
    _rule(
        "CLS-16",
        "is_hostility_marked",
        title="Hostility is recorded: hate flag or 8M",
        description="Examined: 8L and 8Q, removed ones too. Breached by words of hostility without a hate flag. "
        "Hostility is by race, religion, disability, orientation or transgender identity; for race and religion an "
        "included 8M meets the standard too." + _WORDS,
        authority="recording-standards 6.3, 2.1; Crime and Disorder Act 1998, s.32; Sentencing Act 2020, s.66",
        table=_TEXT,
        applies="class_code in ('8L', '8Q')",
        needs=(_MO, "crime.class_code", "crime_flag.flag"),
        detail="'the words show hostility (' || hate_strand || '), but there is no hate flag'",
    ),
    _rule(
        "CLS-17",
        "is_free_of_new_offence_words",
        title="Threats and false messages are considered under the Online Safety Act",
        description="Examined: 8R recorded after 31 January 2024, removed ones too. Breached by words of a threat "
        "(s.181) or a false message (s.179)." + _WORDS,
        authority="recording-standards 6.3, 1.4 (R24); Online Safety Act 2023, s.179 and s.181",
        severity="info",
        table=_TEXT,
        applies="class_code = '8R'",
        valid_from=date(2024, 2, 1),
        needs=(_MO, *_RECORDED),
        detail="'recorded as 8R, but the words show a ' || case when has_threat then 'threat: consider s.181'"
        " else 'false message: consider s.179' end",
    ),
    _rule(
        "CLS-18",
        "has_due_flag",
        title="Domestic abuse is flagged",
        description="Examined: crimes of any class that are domestic abuse or may be, removed ones too. The "
        "relationship is spouse, civil partner, partner, their former forms, or family, and all are aged 16 or "
        "over. A casual date is not intimate. Met by the flag da. Not evaluable where the relationship, one of the "
        "two people or an age that matters is missing.",
        authority="recording-standards 6.3, 6.0.4, 6.0.11; Domestic Abuse Act 2021, s.1 and s.2",
        table=_FLAG,
        applies="is_flag_due",
        needs=(*_PEOPLE, "party_role.age_at_offence", "crime_flag.flag"),
        detail="'relationship ' || replace(relationships, '|', ' and ') || ', all 16 or over, no flag da'",
    ),
    _rule(
        "CLS-19",
        "has_due_repeat_flag",
        title="Repeated domestic abuse is flagged",
        description="Examined: crimes of CLS-18 whose victim had earlier domestic abuse, removed ones too. That is "
        "another crime on record (by relationship and age, or flagged) or incident, by any suspect. It was in the "
        "12 months before the report. An incident that only a later crime is linked to does not count. Met by the "
        "flag repeat_da; not evaluable as in CLS-18.",
        authority="recording-standards 6.3, 6.0.11; Home Office counting rules, April 2018 (Northumbria commissioner)",
        table=_FLAG,
        applies="is_repeat_flag_due",
        needs=(*_PEOPLE, *_PAIRED[1:], "party_role.age_at_offence", "crime_flag.flag", "incident.da_flag"),
        detail="earlier_count || ' earlier domestic abuse crimes or incidents of the victim in 12 months, no flag"
        " repeat_da'",
    ),
    _rule(
        "CLS-20",
        "is_online_flagged",
        title="Crime by social media, message, email, tracker or spyware is flagged online",
        description="Examined: crimes of any class, with or without such words, removed ones too. Breached by words "
        "of one of these channels without the flag online." + _WORDS,
        authority="recording-standards 6.3; Home Office counting rules, crime flags",
        severity="info",
        table=_TEXT,
        needs=(_MO, "crime_flag.flag"),
        detail="'the words show an online channel, but there is no flag online'",
    ),
    _rule(
        "CLS-21",
        "is_within_limits",
        title="The relationship is known",
        description="Examined: months, each twice, for unknown and for other. Counted are stalking and harassment "
        "crimes of the month with a relationship, removed ones too. Met by at most 10% unknown, and by at most half "
        "other. A month with fewer than ten crimes is not evaluable.",
        authority="recording-standards 6.3, 7.1; our own check, no national source",
        applies="measure in ('relationship unknown', 'relationship other')",
        needs=(*_PEOPLE, *_RECORDED),
        detail="counted || ' of ' || crime_count || ' crimes have ' || measure",
        **_SERIES,
    ),
    _rule(
        "CLS-22",
        "is_within_limits",
        title="Crimes by former partners are stalking rather than harassment",
        description="Examined: months with 8Q or 8L by former partners, recorded from 1 April 2020 on, removed ones "
        "too. Met by a share of 8Q of at least 0.8 and within three standard deviations of the force's mean "
        "(p-chart). A month with fewer than ten crimes is not evaluable.",
        authority="recording-standards 6.3, 1.4 (R20); Home Office counting rules, April 2020 (ONS notes on stalking "
        "and harassment)",
        applies="measure = 'former partners: stalking'",
        needs=(*_PEOPLE, *_RECORDED),
        detail="counted || ' of ' || crime_count || ' are stalking (' || round(100 * month_share, 1)"
        " || '%), allowed ' || round(100 * lower_limit, 1) || ' to ' || round(100 * upper_limit, 1)",
        **_SERIES,
    ),
    _rule(
        "CLS-23",
        "is_stalking_charged",
        title="Stalking is charged as stalking",
        description="Examined: 8Q with an outcome 1A, current or not, removed ones too. Breached where an alternate "
        "offence is of another class. Not evaluable where reference.ho_codes does not give the class of the "
        "alternate offence.",
        authority="recording-standards 6.3, 3.1; Home Office outcomes framework, code 1A",
        severity="info",
        table=_CLASS,
        applies="is_stalking_charged_otherwise",
        needs=("crime.class_code", "outcome.crime_id", "outcome.alt_ho_code", "outcome.code"),
        detail="'recorded as 8Q, charged as ' || alternate_ho_codes",
    ),
)
