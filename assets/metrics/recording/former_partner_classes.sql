-- /// card
-- description = """One row is a month of recording: stalking's share of stalking and harassment (8Q of 8L and 8Q) by \
--     former partners."""
-- grain = ["basis", "month"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Since April 2020 a course of conduct by a former partner is stalking unless police are satisfied that it is \
--     harassment in law only.""",
--     """Former partner: ex-spouse, ex-civil partner or ex-partner on a victim or suspect row. Crimes without a \
--     relationship are left out.""",
--     """Cancelled and transferred crimes are left out. The share by principal or included class needs delivered \
--     included classifications.""",
-- ]
-- [columns]
-- basis = ["varchar", "principal; principal or included"]
-- month = "columns"
-- stalking_count = ["bigint", "Crimes of class 8Q", "crimes"]
-- denominator_count = ["bigint", "Crimes of class 8L or 8Q", "crimes"]
-- stalking_share = ["double", "Share of stalking", "0 to 1"]
-- "share_lower, share_upper" = "columns"
-- ///

-- Recording-standards 3.3 and R20. The share is counted both ways (1.5): by the principal class, and with included
-- classes.
with settings as (
    select intervals_z as z
    from core.settings
),

crimes as (
    select crime_ref, recorded_month
    from core.crimes
    where is_former_partner and not is_cancelled and not is_transferred
),

classed as (
    select
        c.crime_ref, c.recorded_month, b.basis,
        bool_or(k.class_code = '8Q') as is_stalking
    from crimes as c
    inner join core.crime_classes as k on c.crime_ref = k.crime_ref
    inner join reference.class_groups as g on g.class_group = 'stalking or harassment' and k.class_code = g.code
    cross join (values ('principal'), ('principal or included')) as b (basis)
    where k.is_principal or b.basis = 'principal or included'
    group by c.crime_ref, c.recorded_month, b.basis
),

-- without included classifications, the second count would only repeat the first
held as (
    select count(*) as included_count
    from core.included_classifications
),

months as (
    select
        p.basis, p.recorded_month,
        count(*) filter (where p.is_stalking) as stalking_count,
        count(*) as denominator_count
    from classed as p
    cross join held as h
    where p.basis = 'principal' or h.included_count > 0
    group by p.basis, p.recorded_month
)

select
    m.basis,
    m.recorded_month as month,
    m.stalking_count,
    m.denominator_count,
    m.stalking_count / m.denominator_count as stalking_share,
    wilson_lower(m.stalking_count / m.denominator_count, m.denominator_count, s.z) as share_lower,
    wilson_upper(m.stalking_count / m.denominator_count, m.denominator_count, s.z) as share_upper
from months as m
cross join settings as s
