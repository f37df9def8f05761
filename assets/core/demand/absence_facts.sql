-- /// card
-- description = "One row is a crime of stalking or harassment whose officer was absent while it was open."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- absence_count = ["bigint", "Absences of the crime's officer while it was open"]
-- absent_days = ["double", "Longest of these absences, covered or not", "days"]
-- uncovered_days = ["double", """Longest absence without a deputy or contact with the victim; 0 where all are \
--     covered""", "days"]
-- ///

-- Recording-standards 6.6, INV-04. An absence counts for the time the crime was open and the officer's. A deputy or
-- contact with the victim covers it. The officer is the crime's own; an allocation gives the dates.
with absences as (
    select
        c.crime_ref,
        b.absent_from_at,
        b.absent_to_at,
        b.deputy_ref,
        greatest(b.absent_from_at, h.allocated_at, c.recorded_at) as begins_at,
        least(b.absent_to_at, h.ended_at, case when not c.is_open then c.outcome_at end, m.as_of_at) as ends_at
    from core.crimes as c
    inner join core.investigator_absences as b on c.investigator_ref = b.investigator_ref
    left join core.allocations as h on c.crime_ref = h.crime_ref and c.investigator_ref = h.investigator_ref
    left join core.extract_moments as m on true
    where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
),

judged as (
    select
        a.crime_ref,
        a.begins_at,
        a.ends_at,
        days_between(a.begins_at, a.ends_at) as absent_days,
        case
            when a.deputy_ref is not null or count(v.contact_at) > 0 then 0.0
            else days_between(a.begins_at, a.ends_at)
        end as uncovered_days
    from absences as a
    left join core.victim_contacts as v
        on a.crime_ref = v.crime_ref and v.contact_at >= a.absent_from_at and v.contact_at <= a.absent_to_at
    where a.begins_at < a.ends_at
    group by a.crime_ref, a.begins_at, a.ends_at, a.deputy_ref
),

counted as (
    select
        crime_ref,
        count(*) as absence_count,
        max(absent_days) as absent_days,
        max(uncovered_days) as uncovered_days
    from judged
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    n.absence_count,
    n.absent_days,
    n.uncovered_days
from core.crimes as c
inner join counted as n on c.crime_ref = n.crime_ref
