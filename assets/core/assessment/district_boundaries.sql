-- /// card
-- description = "One row is a district with its outline, for the map on the page Explore."
-- grain = ["district"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Outlines are those that the force delivered, simplified: a line is off by at most a thousandth of the map's \
--     longer side, more only of very detailed files. They are for looking, not for measuring.""",
--     "A large district on the map is not more important than a small one.",
-- ]
-- [columns]
-- district = ["varchar", "District, named as in core.crime_breakdowns where that knows it", "", "District"]
-- is_known = ["boolean", "A crime of the force was committed in a district of this name"]
-- rings_json = "raw.district_boundaries"
-- ///

-- A force's own outline comes before one for every force.
with known as (
    select lower(district) as district_key, min(district) as district
    from core.crime_breakdowns
    where district <> 'not known'
    group by lower(district)
)

select
    coalesce(k.district, b.district) as district,
    k.district is not null as is_known,
    b.rings_json
from raw.district_boundaries as b
inner join core.current_periods as p
    on p.source = 'district_boundaries' and b.delivery_ref = p.delivery_ref and b.period = p.period
left join core.force_scope as f on b.force_code = f.force_code
left join known as k on lower(b.district) = k.district_key
where b.force_code is null or f.force_code is not null
qualify
    row_number() over (partition by lower(b.district) order by b.force_code nulls last, b.line_number) = 1
