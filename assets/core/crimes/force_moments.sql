-- /// card
-- description = "One row is a force of the extract with the first and the last moment of recording."
-- grain = ["force_code"]
-- audience = []
-- caveats = ["One force's records may begin later, or end sooner, than those of another force in the same extract."]
-- [columns]
-- force_code = "core.crimes"
-- first_recorded_at = ["timestamp with time zone", "Earliest recording of the force", "UTC"]
-- last_recorded_at = ["timestamp with time zone", "Latest recording of the force", "UTC"]
-- ///

-- As core.extract_moments, which has those of all forces: a recording after the receipt is no moment.
select
    c.force_code,
    min(c.recorded_at) as first_recorded_at,
    max(c.recorded_at) as last_recorded_at
from core.crimes as c
cross join core.extract_moments as m
where c.recorded_at <= m.received_at
group by c.force_code
