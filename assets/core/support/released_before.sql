-- /// card
-- description = """One row is a count released to commissioners that differed from the previous release, or was no \
--     longer released."""
-- grain = ["published_at", "cell_ref"]
-- by_force = true
-- audience = []
-- caveats = ["A released figure remains known, regardless of later releases."]
-- [columns]
-- "published_at, cell_ref, person_count" = "raw.released_cells"
-- counted = ["bigint", """Exact count on that day: a figure changes only when its count changes by \
--     three""", "victims or offers"]
-- "token, value, is_other, suppress_to, round_to, hides_zero, total_ref, parent_ref" = "raw.released_cells"
-- ///

-- Each release is stored as changes: the attack rebuilds each one in full.
select
    published_at,
    cell_ref,
    person_count,
    -- a database written by older code lacks these rows
    coalesce(counted, person_count) as counted,
    token,
    value,
    is_other,
    suppress_to,
    round_to,
    hides_zero,
    total_ref,
    parent_ref
from raw.released_cells
