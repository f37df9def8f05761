-- /// card
-- description = "One row is a band of a component in the force's own points table, with its points."
-- grain = ["component", "from_value"]
-- audience = ["integrity"]
-- caveats = [
--     "Empty where the force loaded no points table: none is shipped.",
--     "The points are the force's: this product has not tested them but in its back-test.",
-- ]
-- [columns]
-- component = ["varchar", """recency (days since the last report), frequency (events in the window), gravity (harm \
--     in the window, by the lens that settings name) or victims (distinct victims in the window)"""]
-- from_value = ["double", "Lowest value of the band", "days, events, harm or people"]
-- to_value = ["double", "Value that it ends before; null: no upper end", "days, events, harm or people"]
-- points = ["double", "Points of whoever falls into it", "points"]
-- band_source = ["varchar", "Where the force has the band from; null where its table does not say"]
-- ///

-- The bands of a force's own points table, of the delivery that counts (strategic-assessment 3.2, banded mode). That they
-- meet without gap or overlap was seen to when the table was taken in.
select
    lower(trim(r.component)) as component,
    cast(trim(r.from_value) as double) as from_value,
    cast(nullif(trim(r.to_value), '') as double) as to_value,
    cast(trim(r.points) as double) as points,
    nullif(trim(r.source), '') as band_source
from raw.rfgv_points as r
inner join core.current_periods as p on p.source = 'rfgv_points' and r.delivery_ref = p.delivery_ref
