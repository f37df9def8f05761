-- /// card
-- description = "One row is a breach that an earlier build found and a later one did not."
-- grain = ["rule_code", "record_type", "record_ref"]
-- audience = ["integrity"]
-- caveats = [
--     """Fixed: the rule was checked again and the record, still in the extract, meets it. Gone: the record is no \
--     longer in the extract, so nothing is known about it.""",
--     "Rule changed: the rule or its settings changed between the builds; the record may be as it was.",
--     "A breach does not end when its rule could not be checked.",
-- ]
-- [columns]
-- "rule_code, record_type, record_ref" = "quality.breach_history"
-- rule_title = ["varchar", "What must be true", "", "Standard"]
-- severity = ["varchar", "error or warn"]
-- force_code = ["varchar", "Force of the crime; null for any other record"]
-- unit_name = ["varchar", "Unit of the officer in the case now"]
-- class_code = ["varchar", "Counting-rules class now"]
-- "first_run_ref, first_seen_at" = "quality.breach_history"
-- ended_run_ref = ["varchar", "First build that no longer found it"]
-- ended_at = "quality.breach_history"
-- ended_as = ["varchar", "fixed, gone or rule changed", "", "What became of it"]
-- is_since_last_run = ["boolean", "The latest build was the first not to find it"]
-- ///

-- Breaches that ended: corrected, gone from the extract, or no longer required.
with runs as (
    select max(run_ref) as latest_run_ref
    from quality.rule_results
),

rules as (
    select rule_code, max(title) as title, max(severity) as severity
    from quality.rule_results
    group by rule_code
)

select
    h.rule_code,
    h.record_type,
    h.record_ref,
    r.title as rule_title,
    r.severity,
    c.force_code,
    coalesce(c.unit_name, 'not known') as unit_name,
    c.class_code,
    h.first_run_ref,
    h.first_seen_at,
    h.ended_run_ref,
    h.ended_at,
    h.ended_as,
    h.ended_run_ref = n.latest_run_ref as is_since_last_run
from quality.breach_history as h
cross join runs as n
inner join rules as r on h.rule_code = r.rule_code
left join core.crimes as c on h.record_type = 'crime' and h.record_ref = c.crime_ref
where h.ended_as is not null and r.severity in ('error', 'warn')
