select
    force_code,
    force_name,
    short_name,
    country_code,
    force_type,
    slug
from reference.forces
