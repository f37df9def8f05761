-- /// card
-- description = "One row is a record of the force extract that breaches a rule, with the reason."
-- grain = ["rule_code", "record_type", "record_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Warnings are for the force crime registrar to decide; nothing is corrected automatically.",
--     """An incident or order belongs to the unit of the crime that followed from it; without one its unit is not \
--     known.""",
--     "Reasons of rules that read text can quote the record: integrity audience only.",
-- ]
-- [columns]
-- rule_code = "quality.rule_breaches"
-- record_type = ["varchar", "crime, incident or order"]
-- record_ref = "quality.rule_breaches"
-- rule_title = ["varchar", "What must be true", "", "Standard"]
-- severity = "columns"
-- is_escalated = ["boolean", "Referred to a supervisor at once"]
-- "dimension, authority" = "columns"
-- reason = ["varchar", "What is wrong with the record"]
-- is_read_from_text = ["boolean", "The rule reads free text, so the reason can quote it"]
-- force_code = ["varchar", """ONS code of the force of the record, as in the facts that the rules use; null where none \
--     is known"""]
-- unit_name = "columns"
-- investigator_ref = "core.crimes"
-- class_code = "core.crimes"
-- month = ["date", "Month in which the crime was recorded, or the incident created"]
-- "first_run_ref, first_seen_at" = "quality.breach_history"
-- is_new = ["boolean", "First found by the latest build"]
-- ///

with breaches as (
    select distinct rule_code, record_type, record_ref, detail
    from quality.rule_breaches
    where record_type in ('crime', 'incident', 'order') and record_ref is not null
),

reasons as (
    select rule_code, record_type, record_ref, string_agg(detail, ' / ' order by detail) as reason
    from breaches
    group by rule_code, record_type, record_ref
),

rules as (
    select
        rule_code,
        max(title) as title, max(dimension) as dimension, max(authority) as authority,
        -- one code may apply to several tables with different severities: the gravest one counts
        case
            when bool_or(severity = 'error') then 'error'
            when bool_or(severity = 'warn') then 'warn'
            else 'info'
        end as severity,
        bool_or(is_escalated) as is_escalated,
        -- its reasons can quote the record
        bool_or(needs like '%mo_text%' or needs like '%log_text%') as is_read_from_text
    from quality.rule_results
    group by rule_code
),

-- an incident or an order belongs to the latest crime that followed from it
incident_crimes as (
    select incident_ref, max(crime_ref) as crime_ref
    from core.crimes
    where incident_ref is not null
    group by incident_ref
),

order_crimes as (
    select o.order_ref, max(p.crime_ref) as crime_ref
    from core.orders as o
    inner join core.pair_crimes as p on o.victim_key = p.victim_key and o.respondent_key = p.suspect_key
    group by o.order_ref
),

placed as (
    select
        b.*,
        case b.record_type when 'crime' then b.record_ref when 'incident' then i.crime_ref else o.crime_ref end
            as crime_ref
    from reasons as b
    left join incident_crimes as i on b.record_type = 'incident' and b.record_ref = i.incident_ref
    left join order_crimes as o on b.record_type = 'order' and b.record_ref = o.order_ref
)

select
    p.rule_code,
    p.record_type,
    p.record_ref,
    r.title as rule_title,
    r.severity,
    coalesce(r.is_escalated, false) as is_escalated,
    r.dimension,
    r.authority,
    p.reason,
    coalesce(r.is_read_from_text, false) as is_read_from_text,
    case
        when p.record_type = 'order' then o.force_code
        when p.record_type = 'incident' then f.force_code
        when c.crime_ref is not null then c.force_code
        else e.force_code
    end as force_code,
    coalesce(c.unit_name, 'not known') as unit_name,
    c.investigator_ref,
    c.class_code,
    coalesce(
        c.recorded_month,
        month_of(london_date(n.created_at))
    ) as month,
    h.first_run_ref,
    h.first_seen_at,
    h.first_run_ref = h.last_run_ref as is_new
from placed as p
inner join rules as r on p.rule_code = r.rule_code
left join core.crimes as c on p.crime_ref = c.crime_ref
left join core.incidents as n on p.record_type = 'incident' and p.record_ref = n.incident_ref
left join core.incident_facts as f on p.record_type = 'incident' and p.record_ref = f.incident_ref
left join core.order_facts as o on p.record_type = 'order' and p.record_ref = o.order_ref
left join core.only_force as e on true
left join quality.breach_history as h
    on p.rule_code = h.rule_code and p.record_type = h.record_type and p.record_ref = h.record_ref
