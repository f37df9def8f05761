-- /// card
-- description = "One row is the boundary of a police force area, generalised for small maps."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """Boundaries of December 2016, ultra generalised: not for measuring. Contains OS data, Crown copyright and \
--     database right.""",
-- ]
-- [columns]
-- force_code = "raw.force_boundaries"
-- force_name = "reference.forces"
-- geometry_json = "raw.force_boundaries"
-- ///

select
    b.force_code,
    f.force_name,
    b.geometry_json
from raw.force_boundaries as b
inner join core.current_periods as p
    on p.source = 'force_boundaries' and b.delivery_ref = p.delivery_ref and b.period = p.period
inner join reference.forces as f on b.force_code = f.force_code
