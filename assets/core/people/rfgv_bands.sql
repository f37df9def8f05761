-- /// card
-- description = "One row is a band of a component in the force's own points table, with its points."
-- grain = ["component", "from_value"]
-- audience = ["integrity"]
-- caveats = [
--     "Empty where the force loaded no points table: the product includes none.",
--     "The points are the force's own: this product has tested them only in its back-test.",
-- ]
-- [columns]
-- component = ["varchar", """recency (days since the last report), frequency (events in the window), gravity (harm in \
--     the window, by the lens in the settings) or victims (distinct victims in the window)"""]
-- from_value = ["double", "Lowest value of the band", "days, events, harm or people"]
-- to_value = ["double", "Upper end of the band, not included; null: no upper end", "days, events, harm or people"]
-- points = ["double", "Points for a value in the band", "points"]
-- band_source = ["varchar", "Source of the band in the force's table; null where it gives none"]
-- ///

-- Bands of the current delivery of the force's points table (strategic-assessment 3.2, banded mode). Loading the table
-- has checked that bands have no gap and no overlap.
select
    lower(trim(r.component)) as component,
    cast(trim(r.from_value) as double) as from_value,
    cast(nullif(trim(r.to_value), '') as double) as to_value,
    cast(trim(r.points) as double) as points,
    nullif(trim(r.source), '') as band_source
from raw.rfgv_points as r
inner join core.current_periods as p on p.source = 'rfgv_points' and r.delivery_ref = p.delivery_ref
