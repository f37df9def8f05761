-- /// card
-- description = "One row is a force in the group of most similar forces of another force, in one version of the list."
-- grain = ["list_version", "force_code", "similar_force_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Groups are not symmetric: if B is in the group of A, A need not be in the group of B.",
--     """Forces are similar in social, economic and demographic figures related to crime, at the date of the list. \
--     They need not be similar in how they record stalking.""",
--     "Empty where no list was delivered: the product includes none. City of London has no group.",
-- ]
-- [columns]
-- list_version = ["varchar", "Version of the list"]
-- valid_from = ["date", "First day on which the version applies"]
-- valid_until = ["date", "First day of the next loaded version; null for the latest"]
-- force_code = ["varchar", "Force whose group it is"]
-- similar_force_code = ["varchar", "Force in that group"]
-- list_source = ["varchar", "Source of the copy; null where it is not given"]
-- ///

-- Strategic-assessment 5.4: groups are not symmetric, so no row is added in the other direction.
with codes as (
    select lower(force_code) as force_key, force_code
    from reference.forces
    union
    select name_key, force_code
    from reference.force_names
),

versions as (
    select
        p.period as list_version,
        max(cast(trim(r.valid_from) as date)) as valid_from
    from raw.similar_forces as r
    inner join core.current_periods as p
        on p.source = 'similar_forces' and r.delivery_ref = p.delivery_ref and r.period = p.period
    group by p.period
),

followed as (
    select
        list_version,
        valid_from,
        lead(valid_from) over (order by valid_from, list_version) as valid_until
    from versions
)

select
    v.list_version,
    v.valid_from,
    v.valid_until,
    own.force_code,
    other.force_code as similar_force_code,
    nullif(trim(r.source), '') as list_source
from raw.similar_forces as r
inner join core.current_periods as p
    on p.source = 'similar_forces' and r.delivery_ref = p.delivery_ref and r.period = p.period
inner join followed as v on p.period = v.list_version
inner join codes as own on lower(trim(r.force_code)) = own.force_key
inner join codes as other on lower(trim(r.similar_force_code)) = other.force_key
