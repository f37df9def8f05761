-- A figure that was released again unchanged is one release.
select
    max(published_at) as published_at,
    cell_ref,
    person_count,
    token,
    value,
    is_other,
    suppress_to,
    round_to,
    hides_zero
from raw.released_cells
where person_count is not null
group by cell_ref, person_count, token, value, is_other, suppress_to, round_to, hides_zero
