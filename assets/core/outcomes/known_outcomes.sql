-- /// card
-- description = "One row is an outcome that was known at the as-of moment, with its place in the order of its crime's."
-- grain = ["crime_ref", "place_from_last"]
-- audience = []
-- caveats = ["Outcomes without a code or time that can be read are not in it: metrics.unread_outcomes counts those."]
-- [columns]
-- "crime_ref, sequence_number, outcome_code" = "core.outcomes"
-- outcome_group = ["varchar", "Published group of the code; of a code in no list, a group of its own"]
-- "outcome_date, alternate_ho_code" = "core.outcomes"
-- place_from_last = ["bigint", "1 is the outcome that held at the as-of moment, 2 the one before"]
-- ///

select
    o.crime_ref,
    o.sequence_number,
    o.outcome_code,
    -- a code on no list is still an outcome: counting the crime as open would inflate all others
    coalesce(o.outcome_group, 'Code in no published list') as outcome_group,
    o.outcome_date,
    o.alternate_ho_code,
    row_number() over (
        partition by o.crime_ref order by o.sequence_number desc, o.outcome_at desc, o.outcome_ref desc
    ) as place_from_last
from core.outcomes as o
cross join core.extract_moments as m
where o.outcome_at <= m.as_of_at and o.outcome_code is not null
