-- /// card
-- description = """One row is a crime of stalking or harassment, not removed, with its investigator and the first \
--     review."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, ho_code, risk_grade" = "core.crimes"
-- pip_level = ["integer", """Investigator level of the officer of the last allocation, otherwise of the officer in \
--     the case"""]
-- is_single_point_of_contact_consulted = ["boolean", "The force's single point of contact for stalking was consulted"]
-- needs_detective = ["boolean", "Stalking under section 4A, or high-risk stalking"]
-- is_allocated_by_risk = ["boolean", """The officer has investigation.minimum_pip_level, or the single point of \
--     contact was consulted; null where no level is known"""]
-- initial_review_at = ["timestamp with time zone", "First review by a supervisor", "UTC"]
-- is_offence_checked = ["boolean", """There is such a review, and it records that behaviours and offences were \
--     identified"""]
-- ///

-- Recording-standards 6.6, INV-01 and INV-02. INV-01 asks for the officer of the last allocation, otherwise the officer
-- in the case.
with consulted as (
    select crime_ref, bool_or(single_point_of_contact_consulted_at is not null) as is_consulted
    from core.allocations
    group by crime_ref
),

allocated as (
    select
        crime_ref,
        investigator_ref,
        row_number() over (partition by crime_ref order by allocated_at desc, investigator_ref) as place
    from core.allocations
),

first_reviews as (
    select
        crime_ref,
        reviewed_at,
        offence_check,
        row_number() over (partition by crime_ref order by reviewed_at, review_ref) as place
    from core.reviews
    where review_level = 'supervisor'
),

limits as (
    select investigation_minimum_pip_level as minimum_pip_level
    from core.settings
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.ho_code,
    c.risk_grade,
    i.pip_level,
    coalesce(a.is_consulted, false) as is_single_point_of_contact_consulted,
    c.class_code = '8Q' and coalesce(c.ho_code in ('8/65', '8/66') or c.risk_grade = 'high', false) as needs_detective,
    case when a.is_consulted then true else i.pip_level >= l.minimum_pip_level end as is_allocated_by_risk,
    r.reviewed_at as initial_review_at,
    coalesce(r.offence_check is not null, false) as is_offence_checked
from core.crimes as c
cross join limits as l
left join consulted as a on c.crime_ref = a.crime_ref
left join allocated as h on c.crime_ref = h.crime_ref and h.place = 1
left join core.investigators as i on coalesce(h.investigator_ref, c.investigator_ref) = i.investigator_ref
left join first_reviews as r on c.crime_ref = r.crime_ref and r.place = 1
where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
