-- /// card
-- description = "One row is a police force, or a body that the published tables list among forces."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = ["BTP and PSNI are codes of this product: ONS gives those two forces no police force area code."]
-- [columns]
-- "force_code, force_name, short_name, country_code, force_type, slug" = "reference.forces"
-- ///

select
    force_code,
    force_name,
    short_name,
    country_code,
    force_type,
    slug
from reference.forces
