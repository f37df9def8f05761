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
