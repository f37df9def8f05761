-- /// card
-- description = "One row is a value among which a theme is ranked."
-- grain = ["part_code", "theme_code", "fact_code"]
-- by_force = true
-- audience = []
-- caveats = []
-- [columns]
-- part_code = "columns"
-- theme_code = ["varchar", "Theme of the value"]
-- fact_code = ["varchar", "Fact of the value"]
-- value = ["double", "Value"]
-- is_present = ["boolean", "The value whose rank is sought"]
-- ///

-- Strategic-assessment 2.5: the force's own themes, over 36 months. Volume uses yearly counts of three years, repeat
-- victimisation the shares of this year. Themes that count crimes of other themes are left out.
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
