-- /// card
-- description = """One row is a force, month, crime type and latest outcome of street-level crime; a month not \
--     supplied is one row without figures."""
-- grain = ["month", "force_code", "crime_type", "outcome_type"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Stalking and harassment are inside Violence and sexual offences and cannot be separated.",
--     """The outcome is the latest one known when the file was downloaded: recent months show more open crimes than \
--     they will in time.""",
--     "Court results are missing since June 2019; British Transport Police and Northern Ireland supply no outcomes.",
--     "Shares are of all crimes recorded in the month, open ones included.",
-- ]
-- [columns]
-- month = ["date", "Month of the crime, its first day"]
-- "force_code, force_name" = "columns"
-- crime_type = ["varchar", "Crime type; empty in a month not supplied"]
-- outcome_type = ["varchar", "Latest outcome; empty in a month not supplied", "", "Outcome"]
-- crime_count = ["bigint", "Crimes with that outcome; null in a month not supplied", "crimes"]
-- month_crime_count = ["bigint", "Crimes of the type in the force and month", "crimes", "Crimes in the month"]
-- outcome_share = ["double", "crime_count divided by month_crime_count", "0 to 1", "Share"]
-- is_supplied = ["boolean", "The force supplied the month"]
-- ///

with crimes as (
    select
        month, force_code, crime_type, coalesce(outcome_type, 'No outcome published') as outcome_type,
        count(*) as crime_count
    from core.recorded_crimes
    where force_code is not null and crime_type <> 'Anti-social behaviour'
    group by month, force_code, crime_type, coalesce(outcome_type, 'No outcome published')
),

totals as (
    select month, force_code, crime_type, sum(crime_count) as month_crime_count
    from crimes
    group by month, force_code, crime_type
),

supplying as (
    select distinct force_code from core.coverage where source = 'police_uk_street' and is_supplied
)

select
    c.month,
    c.force_code,
    f.force_name,
    c.crime_type,
    c.outcome_type,
    c.crime_count,
    cast(t.month_crime_count as bigint) as month_crime_count,
    c.crime_count / t.month_crime_count as outcome_share,
    true as is_supplied
from crimes as c
inner join totals as t on c.month = t.month and c.force_code = t.force_code and c.crime_type = t.crime_type
inner join reference.forces as f on c.force_code = f.force_code
union all
-- a month without a file has a row that says so, so that the gap is visible
select
    v.month, v.force_code, f.force_name, '', '', cast(null as bigint), cast(null as bigint), cast(null as double), false
from core.coverage as v
inner join supplying as s on v.force_code = s.force_code
inner join reference.forces as f on v.force_code = f.force_code
where v.source = 'police_uk_street' and not v.is_supplied
