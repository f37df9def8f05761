-- /// card
-- description = """One row is a counting unit and a day, with the share charged by then: crimes with a named suspect, \
--     suspects with any charge, or courses of conduct with any charge. No person can be identified."""
-- grain = ["unit_type", "day"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Conduct that began in the two years before the as-of day (a setting). The clock of a suspect or course of \
--     conduct starts with its first crime on record; a charge for any later crime counts.""",
--     "An outcome belongs to a crime: where a crime has several suspects, its charge counts for each.",
--     "Suspects count where the record names them; without linkage a person with two keys counts as two.",
-- ]
-- method = "survival.charges.charged_by_unit"
-- [columns]
-- unit_type = ["varchar", """crime (with a named suspect), suspect, or course of conduct (one suspect towards one \
--     victim)"""]
-- day = ["bigint", "Days since the first recording: 90, 180 or 365", "days"]
-- incidence = ["double", "Share charged by then; null where too few were followed long enough", "0 to 1", "Charged"]
-- "lower, upper, design_effect" = "columns"
-- at_risk_count = ["bigint", "Number at the start", "units", "Number"]
-- followed_count = ["bigint", "Of these, started at least that many days ago", "units"]
-- ///

-- Strategic-assessment 5.1. The clock of a suspect or course of conduct starts with the recording of the first crime.
-- Without a charge the time runs to the as-of day: no other outcome ends it early.
with settings as (
    select outcomes_recent_days as recent_days
    from core.settings
),

crimes as (
    select distinct
        r.suspect_ref,
        r.dyad_ref,
        r.crime_ref,
        t.end_day,
        t.followed_days,
        t.outcome_group,
        coalesce(t.outcome_group = 'Charged/Summonsed', false) as is_charged
    from core.reports_as_of as r
    inner join core.outcome_times as t on r.crime_ref = t.crime_ref
    where r.is_current and t.removal_type = '' and not t.is_outcome_unread
),

courses as (
    select 'suspect' as unit_type, suspect_ref as unit_ref, * from crimes
    union all
    select 'course of conduct', dyad_ref, * from crimes
),

begun as (
    select
        *,
        max(followed_days) over (partition by unit_type, unit_ref) as first_followed_days
    from courses
),

units as (
    select
        unit_type,
        unit_ref,
        suspect_ref,
        first_followed_days as followed_days,
        min(first_followed_days - followed_days + end_day) filter (where is_charged) as charge_day
    from begun
    group by unit_type, unit_ref, suspect_ref, first_followed_days
),

ended as (
    select
        unit_type,
        unit_ref,
        suspect_ref,
        followed_days,
        least(coalesce(charge_day, followed_days), 366) as day,
        case when charge_day <= 365 then 'charged' end as cause
    from units
    union all
    select
        'crime',
        crime_ref,
        min(suspect_ref),
        max(followed_days),
        least(max(end_day), 366),
        max(case when end_day > 365 then null when is_charged then 'charged' when outcome_group is not null then 'other' end)
    from crimes
    group by crime_ref
),

recent as (
    select e.*
    from ended as e
    cross join settings as s
    where e.followed_days <= s.recent_days
)

select
    unit_type,
    day,
    cause,
    count(*) as number,
    null as other_day,
    null as other_cause,
    0 as pair_count,
    count(*) filter (where followed_days >= 90) as followed_90_count,
    count(*) filter (where followed_days >= 180) as followed_180_count,
    count(*) filter (where followed_days >= 365) as followed_365_count
from recent
group by unit_type, day, cause
union all
-- units of one suspect in pairs, as in core.outcome_day_counts
select
    l.unit_type,
    l.day,
    l.cause,
    0,
    r.day,
    r.cause,
    count(*),
    count(*) filter (where least(l.followed_days, r.followed_days) >= 90),
    count(*) filter (where least(l.followed_days, r.followed_days) >= 180),
    count(*) filter (where least(l.followed_days, r.followed_days) >= 365)
from recent as l
inner join recent as r on l.unit_type = r.unit_type and l.suspect_ref = r.suspect_ref and l.unit_ref < r.unit_ref
group by l.unit_type, l.day, l.cause, r.day, r.cause
