-- /// card
-- description = "One row is a month of a theme of the assessment, with its crimes."
-- grain = ["theme_code", "month"]
-- audience = []
-- caveats = ["Months that the extract does not hold, or not whole, are left out."]
-- [columns]
-- theme_code = "reference.themes"
-- month = ["date", "Month of recording, London"]
-- crime_count = "columns"
-- ///

-- Crimes of each theme by whole month that the extract holds; a month without one is a 0. The cross-cutting theme is
-- known for the last year alone.
with months as (
    select distinct month
    from metrics.demand_months
    where source = 'extract'
),

counted as (
    select theme_code, month, count(*) as crime_count
    from core.theme_crimes
    group by theme_code, month
)

select t.theme_code, m.month, coalesce(c.crime_count, 0) as crime_count
from reference.themes as t
cross join months as m
left join counted as c on t.theme_code = c.theme_code and m.month = c.month
where t.band <> 'cross-cutting' and t.theme_code in (select theme_code from core.theme_crimes)
