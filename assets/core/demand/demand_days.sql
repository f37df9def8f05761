-- /// card
-- description = "One row is a day and an offence with the crimes recorded on it; a day without crimes has no row."
-- grain = ["force_code", "offence_code", "recorded_date"]
-- audience = []
-- caveats = ["Crimes cancelled or transferred by the as-of moment are left out."]
-- [columns]
-- force_code = "core.crimes"
-- offence_code = "columns"
-- recorded_date = "core.crimes"
-- crime_count = "columns"
-- ///

-- Counts use the current class of each crime; demand by month and by week uses these rows.
with offences as (
    select offence_code, offence_code as class_code
    from reference.offence_classes
    where is_stalking_and_harassment
    union all
    select 'S&H', offence_code
    from reference.offence_classes
    where is_stalking_and_harassment
)

select c.force_code, o.offence_code, c.recorded_date, count(*) as crime_count
from core.crimes as c
inner join offences as o on c.class_code = o.class_code
cross join core.extract_moments as m
-- settled points, as-of: a crime removed later still counts
where c.recorded_date is not null and not (
    (coalesce(c.is_cancelled, false) or coalesce(c.is_transferred, false))
    and coalesce(c.removed_at <= m.as_of_at, true)
)
group by c.force_code, o.offence_code, c.recorded_date
