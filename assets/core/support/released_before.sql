-- /// card
-- description = """One row is a count as it was released to those who commission services, where it was not as \
--     released last; or that it was released no more."""
-- grain = ["published_at", "cell_ref"]
-- audience = []
-- caveats = ["What was released stays known, whatever is published later."]
-- [columns]
-- "published_at, cell_ref, person_count" = "raw.released_cells"
-- counted = ["bigint", "Exact count on that day: a figure stands until it has moved by three", "victims or offers"]
-- "token, value, is_other, suppress_to, round_to, hides_zero, total_ref, parent_ref" = "raw.released_cells"
-- ///

-- Every release, by what had changed in it: the attack puts each together as it stood.
select
    published_at,
    cell_ref,
    person_count,
    -- a home of older code did not write it down
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
