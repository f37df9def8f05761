-- /// card
-- description = """One row is a count released to commissioners that differed from the previous release, or was no \
--     longer released."""
-- grain = ["published_at", "force_code", "cell_ref"]
-- audience = []
-- caveats = ["A released figure remains known, regardless of later releases."]
-- [columns]
-- published_at = "raw.released_cells"
-- force_code = ["varchar", "ONS code of the police force area; that of the only force where an older release named none"]
-- "cell_ref, person_count" = "raw.released_cells"
-- counted = ["bigint", """Exact count on that day: a figure changes only when its count changes by \
--     three""", "victims or offers"]
-- "token, value, is_other, suppress_to, round_to, hides_zero, total_ref, parent_ref" = "raw.released_cells"
-- "share, change, share_least, share_greatest, rest_least, rest_greatest, least, greatest" = "raw.released_cells"
-- ///

-- Each release is stored as changes: the attack rebuilds each one in full.
with only_force as (
    select max(force_code) as force_code
    from core.force_scope
    having count(*) = 1
)

select
    r.published_at,
    coalesce(r.force_code, o.force_code, 'unknown') as force_code,
    r.cell_ref,
    r.person_count,
    -- a database written by older code lacks these rows
    coalesce(r.counted, r.person_count) as counted,
    r.token,
    r.value,
    r.is_other,
    r.suppress_to,
    r.round_to,
    r.hides_zero,
    r.total_ref,
    r.parent_ref,
    r.share,
    r.change,
    r.share_least,
    r.share_greatest,
    r.rest_least,
    r.rest_greatest,
    r.least,
    r.greatest
from raw.released_cells as r
left join only_force as o on true
