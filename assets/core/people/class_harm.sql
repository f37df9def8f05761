-- /// card
-- description = """One row is a class of the counting rules with its Crime Severity Score weight and its Cambridge \
--     Crime Harm Index days."""
-- grain = ["class_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Weights follow sentences, which under-represent stalking: a course of conduct counts as one crime.",
--     "Controlling or coercive behaviour has no published weight: its weight is an assumption, labelled as one.",
-- ]
-- [columns]
-- class_code = "columns"
-- severity_weight = ["double", "Crime Severity Score weight; null without one", "weight"]
-- is_severity_assumed = ["boolean", "The weight is an assumption; null without a weight"]
-- sentencing_days = ["double", """Median days of the codes of the class, in the force's own copy of the Cambridge \
--     Crime Harm Index; null without a copy. It is an assumption wherever it is used.""", "days"]
-- ///

-- Two published lenses: severity (Crime Severity Score of the ONS) and sentencing (Cambridge Crime Harm Index, the
-- force's own copy). Strategic-assessment 4.1, 4.2.
with published as (
    -- a class may contain several offences: it takes the weight of the gravest, as its national total does
    select w.offence_code as class_code, max(cast(w.severity_weight as double)) as severity_weight
    from raw.severity_weights as w
    inner join core.current_periods as p on p.source = 'severity_weights' and w.delivery_ref = p.delivery_ref
    group by w.offence_code
),

weights as (
    select class_code, severity_weight, false as is_severity_assumed
    from published
    union all
    select a.class_code, p.severity_weight, true
    from reference.severity_assumptions as a
    inner join published as p on a.like_class_code = p.class_code
    where a.class_code not in (select class_code from published)
),

sentencing as (
    -- where only the class of a crime is known, use the median of its codes; a copy may also give days for the class
    select coalesce(o.class_code, c.ho_code) as class_code, median(c.sentencing_days) as sentencing_days
    from core.code_harm as c
    left join reference.ho_codes as o on c.ho_code = o.ho_code
    where o.class_code is not null or c.ho_code not like '%/%'
    group by coalesce(o.class_code, c.ho_code)
)

select
    coalesce(w.class_code, s.class_code) as class_code,
    w.severity_weight,
    w.is_severity_assumed,
    s.sentencing_days
from weights as w
full join sentencing as s on w.class_code = s.class_code
