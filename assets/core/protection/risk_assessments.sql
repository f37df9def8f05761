-- /// card
-- description = "One row is a risk assessment."
-- grain = ["assessment_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- assessment_ref = ["varchar", "Assessment"]
-- crime_ref = "columns"
-- tool = "raw.risk_assessment"
-- tool_version = ["varchar", "Version of the tool"]
-- started_at = ["timestamp with time zone", "When it was started", "UTC"]
-- completed_at = ["timestamp with time zone", "When it was complete", "UTC"]
-- assessor_ref = ["varchar", "Who made it"]
-- risk_grade = ["varchar", "Grade: standard, medium or high"]
-- is_professional_judgement = ["boolean", "Graded by professional judgement"]
-- stage = "raw.risk_assessment"
-- ///

select
    t.ra_id as assessment_ref,
    t.crime_id as crime_ref,
    t.tool,
    t.version as tool_version,
    cast(t.started_ts as timestamptz) as started_at,
    cast(t.completed_ts as timestamptz) as completed_at,
    t.by_id as assessor_ref,
    t.grade as risk_grade,
    cast(t.professional_judgement as boolean) as is_professional_judgement,
    t.stage
from raw.risk_assessment as t
inner join core.current_periods as p
    on p.source = 'risk_assessment' and t.delivery_ref = p.delivery_ref and t.period = p.period
