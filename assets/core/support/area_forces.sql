-- /// card
-- description = "One row is an area that a commissioner lists (of residents or services), with the force that it is in."
-- grain = ["area_code"]
-- audience = []
-- caveats = [
--     """An extract of one force: its lists are of that force. With several forces an area is in the force that the \
--     lookup of the Office for National Statistics names; without it, in none.""",
-- ]
-- [columns]
-- area_code = "columns"
-- force_code = ["varchar", "ONS code of the police force area; null where that is not known"]
-- ///

with listed as (
    select area_code from raw.population
    union
    select area_code from raw.services
),

known as (
    select f.force_code as area_code, f.force_code
    from core.force_scope as f
    union
    select c.ltla24_code, c.pfa24_code
    from raw.csp_lookup_2024 as c
    union
    select c.csp24_code, c.pfa24_code
    from raw.csp_lookup_2024 as c
),

only_force as (
    select max(force_code) as force_code
    from core.force_scope
    having count(*) = 1
)

select l.area_code, coalesce(max(o.force_code), max(k.force_code)) as force_code
from listed as l
left join known as k on l.area_code = k.area_code
left join only_force as o on true
where l.area_code is not null
group by l.area_code
