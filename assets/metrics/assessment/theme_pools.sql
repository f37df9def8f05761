-- /// card
-- description = "One row is a value among which the place of a theme is taken."
-- grain = ["part_code", "theme_code", "fact_code"]
-- audience = ["integrity"]
-- caveats = []
-- [columns]
-- part_code = "columns"
-- theme_code = ["varchar", "Theme that the value is of"]
-- fact_code = ["varchar", "Fact that it is"]
-- value = ["double", "Value"]
-- is_present = ["boolean", "The value that the place is asked of"]
-- ///

-- What the place of a theme is taken among (strategic-assessment 2.5: the force's own themes, over 36 months): yearly
-- counts of three years for volume, the shares of this year for repeat victimisation. Themes that count crimes of others
-- once more are left out.
select 'volume' as part_code, c.theme_code, c.fact_code, cast(c.numerator as double) as value,
    c.fact_code = 'crimes_year' as is_present
from metrics.theme_counts as c
inner join reference.themes as t on c.theme_code = t.theme_code and t.band <> 'cross-cutting'
where c.fact_code in ('crimes_year', 'crimes_year_before', 'crimes_two_years_before')
union all
select 'repeat', c.theme_code, c.fact_code, c.numerator / cast(c.denominator as double), true
from metrics.theme_counts as c
inner join reference.themes as t on c.theme_code = t.theme_code and t.band <> 'cross-cutting'
where c.fact_code = 'followed'
