-- /// card
-- description = """One row is a closed crime of stalking or harassment from which a scrutiny panel's sample may be \
--     drawn. It has only the coarse facts that a panel may read."""
-- grain = ["crime_ref"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Closed: the crime has an outcome by the as-of moment. Cancelled and transferred crimes, and outcomes without \
--     a date or a readable code, are left out.""",
--     "A charged crime may be before a court: the extract does not show this.",
--     "A measure without a time limit counts as delivered; one that is not known or not yet due is in no column.",
-- ]
-- [columns]
-- crime_ref = ["varchar", "Crime; never shown in a panel's pack"]
-- closed_quarter = ["varchar", "Quarter of the current outcome, 2025-Q1"]
-- "recorded_quarter, offence_class, relationship_group, outcome_group" = "core.outcome_times"
-- is_charged = ["boolean", "Charged or summonsed"]
-- met_measures = ["varchar", "Protection measures met, codes separated by a space"]
-- late_measures = ["varchar", "Measures met late"]
-- missed_measures = ["varchar", "Measures missed"]
-- ///

-- The panel reads coarse facts only: quarters but no dates, no unit and no words of a record.
with judged as (
    select
        d.crime_ref,
        p.place,
        d.measure_code,
        -- where several duties share a measure, the worst result counts
        max(case d.state when 'missed' then 3 when 'late' then 2 when 'met' then 1 else 0 end) as worst
    from core.protection_duties as d
    inner join metrics.protection_measures as p
        on d.measure_code = p.measure_code and p.kind = 'duty' and p.status <> 'not measured'
    where d.crime_ref is not null
    group by d.crime_ref, p.place, d.measure_code
),

results as (
    select
        crime_ref,
        string_agg(measure_code, ' ' order by place) filter (where worst = 1) as met_measures,
        string_agg(measure_code, ' ' order by place) filter (where worst = 2) as late_measures,
        string_agg(measure_code, ' ' order by place) filter (where worst = 3) as missed_measures
    from judged
    group by crime_ref
),

closed as (
    select *, recorded_date + end_day as closed_date
    from core.outcome_times
    -- a removed crime is not a case; a crime with an unreadable outcome is not known to be closed
    where removal_type = '' and is_principal and outcome_code is not null and not is_outcome_unread
)

select
    c.crime_ref,
    cast(year(c.closed_date) as varchar) || '-Q' || cast(quarter(c.closed_date) as varchar) as closed_quarter,
    c.recorded_quarter,
    c.offence_class,
    c.relationship_group,
    c.outcome_group,
    c.outcome_group = 'Charged/Summonsed' as is_charged,
    t.met_measures,
    t.late_measures,
    t.missed_measures
from closed as c
left join results as t on c.crime_ref = t.crime_ref
