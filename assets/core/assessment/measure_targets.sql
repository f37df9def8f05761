-- /// card
-- description = "One row is a measure with the target that applies to the force."
-- grain = ["measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = ["Set by the force in reference.measure_targets. A measure without a row has no target."]
-- [columns]
-- measure_code = "reference.measure_targets"
-- target = "reference.measure_targets"
-- unit = "reference.measure_targets"
-- set_by = "reference.measure_targets"
-- ///

-- A force's own target comes before one for every force.
select t.measure_code, t.target, t.unit, t.set_by
from reference.measure_targets as t
left join core.force_scope as f on t.force_code = f.force_code
where t.force_code is null or f.force_code is not null
qualify row_number() over (partition by t.measure_code order by t.force_code nulls last) = 1
