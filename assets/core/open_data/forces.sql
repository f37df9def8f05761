-- /// card
-- description = "One row is a police force, or a body that the published tables list among forces."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = ["BTP and PSNI are this product's own codes: ONS gives those two forces no police force area code."]
-- [columns]
-- force_code = ["varchar", "ONS code of the police force area (E23, W15), or our own"]
-- force_name = ["varchar", "Full name"]
-- short_name = ["varchar", "Name as in ONS tables"]
-- country_code = ["varchar", "ONS code of the country"]
-- force_type = ["varchar", "territorial, non_territorial, outside_england_wales or pseudo"]
-- slug = ["varchar", "Name in data.police.uk file names"]
-- ///

select
    force_code,
    force_name,
    short_name,
    country_code,
    force_type,
    slug
from reference.forces
