-- /// card
-- description = "One row is a crime of stalking or harassment, not removed, with a named suspect."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- named_at = ["timestamp with time zone", "When the suspect with the longest unexplained wait was named", "UTC"]
-- days_without_action = ["double", """From naming to the first arrest or interview, otherwise to elimination, closure \
--     or the as-of moment; of the suspect with the longest unexplained wait""", "days"]
-- has_reason = ["boolean", "In that wait, a line of enquiry on the suspect's arrest or interview has a result"]
-- days_unexplained = ["double", """The same wait, 0 where it has a reason; null where the wait of a suspect is not \
--     known and no other is too long""", "days"]
-- ///

-- Recording-standards 6.6, INV-07. Elimination and closure end the wait. A reason is the result of a line of enquiry on
-- arrest or interview, dated within the wait: from the naming, and before its end. Such a line on a witness is none, and
-- the rationale of an outcome that closes the crime explains no wait before it.
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
    -- a result without its day has the day on which the line was raised
    select crime_ref, coalesce(done_at, raised_at) as reason_at
    from core.lines_of_enquiry
    where regexp_matches(lower(enquiry_type), 'arrest|interview')
        and not regexp_matches(lower(enquiry_type), 'witness|victim')
        and result is not null
),

ends as (
    select
        s.crime_ref,
        s.person_key,
        s.named_at,
        coalesce(
            min(a.acted_at),
            least(
                s.eliminated_at,
                case when not c.is_open then c.outcome_at end,
                -- closed on a day that is not known: the wait did not go on to the as-of moment
                case when c.is_open or c.is_open is null or c.outcome_at is not null then m.as_of_at end
            )
        ) as ended_at
    from core.crimes as c
    inner join suspects as s on c.crime_ref = s.crime_ref
    left join core.extract_moments as m on true
    left join acts as a on s.crime_ref = a.crime_ref and (s.person_key = a.person_key or a.person_key is null)
    where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
    group by s.crime_ref, s.person_key, s.named_at, s.eliminated_at, c.is_open, c.outcome_at, m.as_of_at
),

waits as (
    select
        e.crime_ref,
        e.named_at,
        days_between(e.named_at, e.ended_at) as days_without_action,
        count(r.reason_at) > 0 as has_reason
    from ends as e
    left join reasons as r
        on e.crime_ref = r.crime_ref and r.reason_at >= e.named_at and r.reason_at < e.ended_at
    group by e.crime_ref, e.person_key, e.named_at, e.ended_at
),

unexplained as (
    select
        w.*,
        case when w.has_reason then 0.0 else w.days_without_action end as days_unexplained,
        s.investigation_action_days as limit_days
    from waits as w
    cross join core.settings as s
),

longest as (
    select
        *,
        -- too long first, then what is not known
        row_number() over (
            partition by crime_ref
            order by
                coalesce(days_unexplained > limit_days, false) desc,
                days_unexplained is null desc,
                days_unexplained desc,
                days_without_action desc,
                named_at
        ) as place
    from unexplained
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
    w.has_reason,
    w.days_unexplained
from core.crimes as c
inner join longest as w on c.crime_ref = w.crime_ref and w.place = 1
