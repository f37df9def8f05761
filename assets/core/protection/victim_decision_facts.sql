-- /// card
-- description = "One row is an outcome of a crime of stalking or harassment, with when the victim was informed."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = [
--     "Arrest, release and bail do not count as decisions.",
--     "A fact that cannot be assessed is null: not a pass.",
-- ]
-- [columns]
-- "outcome_ref, crime_ref" = "core.outcomes"
-- force_code = "core.crimes"
-- "recorded_date, recorded_month, unit_name, class_code, outcome_code, outcome_at, outcome_date" = "core.outcomes"
-- has_enhanced_rights = "core.crimes"
-- informed_at = ["timestamp with time zone", "When the victim was first informed of it", "UTC"]
-- informed_date = ["date", "Day of the first later contact with the victim, London"]
-- working_days_to_inform = ["bigint", "To that contact, or to the as-of date without one", "working days"]
-- limit_days = ["double", "Days allowed; null where it is not known whether rights are enhanced", "working days"]
-- is_informed_in_time = ["boolean", "Informed within that time; null while there is still time"]
-- ///

-- Recording-standards 6.5, VIC-03. A decision is an outcome other than 0.
with settings as (
    select
        victims_inform_days_enhanced as enhanced_days,
        victims_inform_days as other_days
    from core.settings
),

decisions as (
    select
        o.outcome_ref,
        o.crime_ref,
        c.force_code,
        o.recorded_date,
        o.recorded_month,
        o.unit_name,
        o.class_code,
        o.outcome_code,
        o.outcome_at,
        o.outcome_date,
        c.has_enhanced_rights
    from core.outcomes as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
    where o.outcome_code <> '0' and c.is_stalking_or_harassment
),

informed as (
    -- a statement of the victim to police does not inform the victim
    select d.outcome_ref, min(v.contact_at) as informed_at
    from decisions as d
    inner join core.victim_contacts as v on d.crime_ref = v.crime_ref and v.contact_at >= d.outcome_at
    where not v.is_from_victim
    group by d.outcome_ref
),

counted as (
    select
        d.*,
        t.informed_at,
        london_date(t.informed_at) as informed_date,
        i.ending_working_day_number - b.working_day_number as working_days_to_inform,
        n.ending_working_day_number - b.working_day_number as working_days_elapsed,
        s.enhanced_days,
        s.other_days
    from decisions as d
    cross join settings as s
    cross join core.extract_moments as e
    left join informed as t on d.outcome_ref = t.outcome_ref
    left join core.working_days as b on d.outcome_date = b.day
    left join core.working_days as i on london_date(t.informed_at) = i.day
    left join core.working_days as n on london_date(e.as_of_at) = n.day
)

select
    outcome_ref,
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    outcome_code,
    outcome_at,
    outcome_date,
    has_enhanced_rights,
    informed_at,
    informed_date,
    coalesce(working_days_to_inform, working_days_elapsed) as working_days_to_inform,
    case when has_enhanced_rights then enhanced_days when not has_enhanced_rights then other_days end as limit_days,
    -- not yet informed and still in time: open; if rights are unknown, assess only what meets or breaches both limits
    case
        when working_days_to_inform is null and informed_date is not null then null
        when coalesce(working_days_to_inform, working_days_elapsed)
            > case when has_enhanced_rights then enhanced_days else other_days end then false
        when informed_date is null then null
        when has_enhanced_rights is null and working_days_to_inform > enhanced_days then null
        when working_days_to_inform is not null then true
    end as is_informed_in_time
from counted
