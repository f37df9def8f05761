-- /// card
-- description = """One row is a count as it was released to those who commission services, where it was not as \
--     released last; or that it was released no more."""
-- grain = ["published_at", "cell_ref"]
-- audience = []
-- caveats = ["What was released stays known, whatever is published later."]
-- [columns]
-- published_at = ["timestamp with time zone", "When it was released", "UTC"]
-- cell_ref = ["varchar", "Measure, year, breakdown and group"]
-- person_count = ["bigint", """Exact count that the figure rests on; empty where not measured \
--     or no longer released""", "victims or offers"]
-- counted = ["bigint", "Exact count on that day: a figure stands until it has moved by three", "victims or offers"]
-- token = ["varchar", "Empty where a number was shown, else *, not measured or no longer released"]
-- value = ["bigint", "The released number", "victims or offers"]
-- is_other = ["boolean", "Not released for another reason than being few"]
-- suppress_to = ["bigint", "The rule: counts up to this were not released"]
-- round_to = ["bigint", "The rule: rounded to this"]
-- hides_zero = ["boolean", "The rule: nought was not released"]
-- total_ref = ["varchar", "The cell that the groups of its breakdown added up to"]
-- parent_ref = ["varchar", "The cell that it was a part of"]
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
