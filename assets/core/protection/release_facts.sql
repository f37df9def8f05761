-- /// card
-- description = "One row is a crime, not removed, whose suspect was released under investigation."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- release_count = ["bigint", "Releases under investigation"]
-- unexplained_count = ["bigint", "Of these, releases without a rationale"]
-- is_stalking_or_domestic = ["boolean", """Class 8Q or domestic abuse; null where it is not 8Q and domestic abuse is \
--     not known"""]
-- is_explained = ["boolean", "Every release has a rationale; null where it is not known whether one is needed"]
-- ///

-- Recording-standards 6.6, INV-08: release under investigation has no conditions, so it needs a reason.
with released as (
    select
        u.crime_ref,
        count(*) as release_count,
        count(*) filter (where b.rationale is null) as unexplained_count
    from core.bails as b
    inner join core.custodies as u on b.custody_ref = u.custody_ref
    where b.bail_type = 'rui'
    group by u.crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    r.release_count,
    r.unexplained_count,
    c.class_code = '8Q' or c.is_domestic_abuse as is_stalking_or_domestic,
    case when r.unexplained_count = 0 or c.class_code = '8Q' or c.is_domestic_abuse then r.unexplained_count = 0 end
        as is_explained
from core.crimes as c
inner join released as r on c.crime_ref = r.crime_ref
where
    not c.is_cancelled and not c.is_transferred
    and coalesce(c.class_code = '8Q' or c.is_domestic_abuse, true)
