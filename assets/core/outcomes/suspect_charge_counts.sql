-- /// card
-- description = """One row is a counting unit, a day since recording and a result, with the number of crimes, \
--     suspects or courses of conduct."""
-- grain = ["unit_type", "day", "cause"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Conduct that began in the two years before the as-of day (a setting), as far back as the extract reaches.",
--     "An outcome belongs to a crime: where a crime has several suspects, its charge counts for each.",
-- ]
-- [columns]
-- unit_type = ["varchar", "crime (with a named suspect), suspect, or course of conduct"]
-- day = ["integer", "Days since the first recording", "days", "Days"]
-- cause = ["varchar", "charged; other, for crimes only; null: last seen without either"]
-- unit_count = ["bigint", "Number", "units"]
-- followed_90_count = ["bigint", "Of these, started 90 days or more before the as-of day", "units"]
-- followed_180_count = ["bigint", "The same for 180 days", "units"]
-- followed_365_count = ["bigint", "The same for 365 days", "units"]
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
        first_followed_days as followed_days,
        min(first_followed_days - followed_days + end_day) filter (where is_charged) as charge_day
    from begun
    group by unit_type, unit_ref, first_followed_days
),

ended as (
    select
        unit_type,
        followed_days,
        least(coalesce(charge_day, followed_days), 366) as day,
        case when charge_day <= 365 then 'charged' end as cause
    from units
    union all
    select
        'crime',
        max(followed_days),
        least(max(end_day), 366),
        max(case when end_day > 365 then null when is_charged then 'charged' when outcome_group is not null then 'other' end)
    from crimes
    group by crime_ref
)

select
    e.unit_type,
    e.day,
    e.cause,
    count(*) as unit_count,
    count(*) filter (where e.followed_days >= 90) as followed_90_count,
    count(*) filter (where e.followed_days >= 180) as followed_180_count,
    count(*) filter (where e.followed_days >= 365) as followed_365_count
from ended as e
cross join settings as s
where e.followed_days <= s.recent_days
group by e.unit_type, e.day, e.cause
