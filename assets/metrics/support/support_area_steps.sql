-- /// card
-- description = """One row is an area and a step from known to completed support, with the victims without an area spread \
--     over the areas."""
-- grain = ["measure_code", "group_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """From released figures only. Victims without an area are spread in proportion to those with one: an assumption, \
--     since those whose place is not recorded may live elsewhere than the others.""",
--     "The lowest number has none of them in the area, the highest has all of them.",
-- ]
-- [columns]
-- period_code = "metrics.released_figures"
-- measure_code = ["varchar", "Step, as in reference.support_measures", "", "Step"]
-- group_code = ["varchar", "Area"]
-- group_name = "columns"
-- place = "metrics.released_figures"
-- area_text = ["varchar", "Victims of the area, as released"]
-- unplaced_text = ["varchar", "Victims without an area, as released; 0 where all have one"]
-- spread_count = ["double", "Victims of the area with their part of those without one; null where a figure is not released", "victims"]
-- spread_lower = ["bigint", "None of those without an area is of this one", "victims"]
-- spread_upper = ["bigint", "All of those without an area are of this one", "victims"]
-- unplaced_least = ["bigint", "Smallest number without an area", "victims"]
-- unplaced_greatest = ["bigint", "Largest number without an area", "victims"]
-- ///

with figures as (
    select f.*
    from metrics.released_figures as f
    inner join core.support_periods as p on f.period_code = p.period_code and p.period_type = 'current' and p.is_held
    inner join reference.support_measures as m on f.measure_code = m.measure_code and m.unit = 'victims'
),

unplaced as (
    select measure_code, text, token, value, least, greatest
    from figures
    where breakdown = 'area' and group_code = 'not recorded'
),

totals as (
    select measure_code, value
    from figures
    where breakdown = 'all'
),

beside as (
    -- where nobody is without an area there is no such group
    select
        f.*,
        case when u.measure_code is null then '0' else u.text end as unplaced_text,
        case when u.measure_code is null then 0 else u.value end as unplaced_count,
        case when u.measure_code is null then 0 else u.least end as unplaced_least,
        case when u.measure_code is null then 0 else u.greatest end as unplaced_greatest,
        t.value as total_count
    from figures as f
    inner join totals as t on f.measure_code = t.measure_code
    left join unplaced as u on f.measure_code = u.measure_code
    where f.breakdown = 'area' and f.group_code <> 'not recorded'
)

select
    period_code,
    measure_code,
    group_code,
    group_name,
    place,
    text as area_text,
    unplaced_text,
    -- without anyone who has an area there is no proportion
    case
        when unplaced_count = 0 then cast(value as double)
        else value + unplaced_count * value / cast(nullif(total_count - unplaced_count, 0) as double)
    end as spread_count,
    least as spread_lower,
    greatest + unplaced_greatest as spread_upper,
    unplaced_least,
    unplaced_greatest
from beside
