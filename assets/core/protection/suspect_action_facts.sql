-- /// card
-- description = "One row is a crime of stalking or harassment, not removed, with a named suspect."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- named_at = ["timestamp with time zone", "When the suspect with the longest wait was named", "UTC"]
-- days_without_action = ["double", """From naming to the first arrest or interview, otherwise to elimination, closure \
--     or the as-of moment; the longest wait of all suspects""", "days"]
-- has_reason = ["boolean", "A line of enquiry on arrest or interview has a result, or an outcome has a rationale"]
-- days_unexplained = ["double", "The same wait, 0 where a reason is on record", "days"]
-- ///

-- Recording-standards 6.6, INV-07. Elimination and closure end the wait. A reason is the result of a line of enquiry on
-- arrest or interview, or the rationale of an outcome.
with suspects as (
    select crime_ref, person_key, min(first_added_at) as named_at, max(eliminated_at) as eliminated_at
    from core.parties
    where party_role in ('suspect', 'offender') and is_named
    group by crime_ref, person_key
),

acts as (
    select crime_ref, person_key, min(least(arrested_at, interviewed_at)) as acted_at
    from core.custodies
    group by crime_ref, person_key
),

reasons as (
    select crime_ref
    from core.lines_of_enquiry
    where regexp_matches(lower(enquiry_type), 'arrest|interview') and result is not null
    union
    select crime_ref
    from core.outcomes
    where outcome_code <> '0' and rationale is not null
),

waits as (
    select
        c.crime_ref,
        s.named_at,
        (
            epoch(
                coalesce(
                    min(a.acted_at),
                    least(s.eliminated_at, case when not c.is_open then c.outcome_at end, m.as_of_at)
                )
            ) - epoch(s.named_at)
        ) / 86400.0 as days_without_action
    from core.crimes as c
    inner join suspects as s on c.crime_ref = s.crime_ref
    left join core.extract_moments as m on true
    left join acts as a on s.crime_ref = a.crime_ref and (s.person_key = a.person_key or a.person_key is null)
    where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
    group by c.crime_ref, s.person_key, s.named_at, s.eliminated_at, c.is_open, c.outcome_at, m.as_of_at
),

longest as (
    select
        crime_ref,
        named_at,
        days_without_action,
        row_number() over (partition by crime_ref order by days_without_action desc nulls last, named_at) as place
    from waits
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    w.named_at,
    w.days_without_action,
    r.crime_ref is not null as has_reason,
    case when r.crime_ref is not null then 0.0 else w.days_without_action end as days_unexplained
from core.crimes as c
inner join longest as w on c.crime_ref = w.crime_ref and w.place = 1
left join reasons as r on c.crime_ref = r.crime_ref
