-- /// card
-- description = "One row is a risk assessment in a crime of stalking or harassment."
-- grain = ["assessment_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "assessment_ref, crime_ref" = "core.risk_assessments"
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- "tool, stage, risk_grade" = "core.risk_assessments"
-- is_stalking = ["boolean", "The crime is 8Q"]
-- is_domestic_abuse = "core.crimes"
-- is_tool_suited = ["boolean", "The tool fits the crime: one for stalking or one for domestic abuse"]
-- is_grade_supported_by_answers = ["boolean", "Always null: the layout has no answer keys"]
-- ///

-- Whether the tool fits the case (recording-standards 6.5, RSK-03; tools 7.2).
with assessed as (
    select
        a.assessment_ref,
        a.crime_ref,
        c.force_code,
        c.recorded_date,
        c.recorded_month,
        c.unit_name,
        c.class_code,
        a.tool,
        a.stage,
        a.risk_grade,
        c.class_code = '8Q' as is_stalking,
        c.is_domestic_abuse,
        a.tool in ('DASH', 'DARA') as is_domestic_tool,
        a.tool in ('S-DASH', 'VS-DASH', 'SST', 'SASH') as is_stalking_tool,
        a.tool in ('SAM', 'SRP') as is_specialist_tool
    from core.risk_assessments as a
    inner join core.crimes as c on a.crime_ref = c.crime_ref
    where c.is_stalking_or_harassment
)

select
    assessment_ref,
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    tool,
    stage,
    risk_grade,
    is_stalking,
    is_domestic_abuse,
    -- stalking that is domestic abuse may be assessed with either tool
    case
        when is_specialist_tool then true
        when is_stalking and is_stalking_tool then true
        when is_domestic_tool then is_domestic_abuse
        when is_stalking or is_domestic_abuse then false
    end as is_tool_suited,
    -- RSK-06: the layout has no answer keys (6.0.12)
    cast(null as boolean) as is_grade_supported_by_answers
from assessed
