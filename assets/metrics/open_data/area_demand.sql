-- /// card
-- description = """One row is the number of recorded stalking and harassment offences in a community safety \
--     partnership, borough or ward and a period."""
-- grain = ["source", "area_type", "area_code", "area_name", "force_code", "period_start", "period_months"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "Recorded demand is not need: it counts what was reported and recorded.",
--     "Open data, already public: shown without suppression.",
--     "Unassigned rows are crimes that the force could not assign to a partnership.",
--     """The Metropolitan Police table may lack ward rows without crimes: a missing ward and month is not known to be \
--     zero.""",
--     "The Metropolitan Police changed its recording system in February 2024.",
-- ]
-- [columns]
-- "source, area_type, area_code, area_name, force_code" = "core.area_counts"
-- force_name = "reference.forces"
-- "period_start, period_months, offence_subgroup, crime_count" = "core.area_counts"
-- force_crime_count = ["bigint", """Recorded crimes of all areas of the force in the \
--     period""", "crimes", "Offences in the force"]
-- share_of_force = ["double", "crime_count divided by force_crime_count", "0 to 1", "Share of the force"]
-- is_unassigned = "core.area_counts"
-- ///

with force_totals as (
    select source, area_type, force_code, period_start, period_months, case when count(*) = count(crime_count) then sum(crime_count) end as force_crime_count
    from core.area_counts
    group by source, area_type, force_code, period_start, period_months
)

select
    c.source,
    c.area_type,
    c.area_code,
    c.area_name,
    c.force_code,
    f.force_name,
    c.period_start,
    c.period_months,
    c.offence_subgroup,
    c.crime_count,
    cast(t.force_crime_count as bigint) as force_crime_count,
    case when t.force_crime_count > 0 then c.crime_count / t.force_crime_count end as share_of_force,
    c.is_unassigned
from core.area_counts as c
inner join force_totals as t
    on c.source = t.source and c.area_type = t.area_type and c.force_code = t.force_code
    and c.period_start = t.period_start and c.period_months = t.period_months
inner join reference.forces as f on c.force_code = f.force_code
