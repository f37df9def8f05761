-- /// card
-- description = "One row is a current outcome, with the evidence for it elsewhere in the file."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "outcome_ref, crime_ref" = "core.outcomes"
-- force_code = "core.crimes"
-- "recorded_date, recorded_month, unit_name, class_code, outcome_code, is_no_further_action" = "core.outcomes"
-- is_section_4a = ["boolean", "Recorded as stalking with fear of violence or serious alarm, 8/65 or 8/66"]
-- eliminated_suspect_count = ["bigint", "Named suspects, where all of them were eliminated", "people"]
-- has_medical_evidence = ["boolean", "Always null: the layout has no evidence reference"]
-- prosecutor_decision_count = ["bigint", "Submissions to prosecutors with a decision, without early advice"]
-- referral_count = ["bigint", "Referrals of the crime"]
-- started_intervention_count = ["bigint", "Of these, referrals with a service and a start (accepted, otherwise sent)"]
-- unresolved_line_count = ["bigint", "Digital lines of enquiry that are required but not done"]
-- unresolved_line_types = ["varchar", "Names of the programmes"]
-- ///

-- Evidence that an outcome needs elsewhere in the file (recording-standards 6.4: OUT-03, 11, 12, 15, 18).
with suspects as (
    select
        crime_ref,
        count(*) filter (where eliminated_at is null) as remaining_count,
        count(*) filter (where eliminated_at is not null) as eliminated_count
    from core.parties
    where party_role in ('suspect', 'offender') and is_named
    group by crime_ref
),

submissions as (
    -- early advice is not a decision
    select
        crime_ref,
        count(*) filter (where submission_type <> 'ea' and decided_at is not null) as decision_count
    from core.cps_submissions
    group by crime_ref
),

interventions as (
    select
        crime_ref,
        count(*) as referral_count,
        count(*) filter (where service_name is not null and coalesce(accepted_at, sent_at) is not null)
            as started_count
    from core.referrals
    group by crime_ref
),

lines as (
    select
        crime_ref,
        count(*) filter (where is_required and done_at is null) as unresolved_count,
        count(*) filter (where is_required is null and done_at is null) as unknown_count,
        string_agg(enquiry_type, ', ' order by enquiry_type) filter (where is_required and done_at is null)
            as unresolved_types
    from core.lines_of_enquiry
    where regexp_matches(
        lower(enquiry_type),
        'phone|cctv|comms|communicat|cell|call|digital|device|download|social.?media|online|internet|computer|laptop'
        '|tablet|video|camera|doorbell|dashcam|e-?mail|message|tracker|(^|_)(app|ip)_|spyware'
    )
    group by crime_ref
)

select
    o.outcome_ref,
    o.crime_ref,
    c.force_code,
    o.recorded_date,
    o.recorded_month,
    o.unit_name,
    o.class_code,
    o.outcome_code,
    o.is_no_further_action,
    coalesce(c.ho_code in ('8/65', '8/66'), false) as is_section_4a,
    -- OUT-03, code 18: all named suspects were eliminated
    case when coalesce(p.remaining_count, 0) = 0 then coalesce(p.eliminated_count, 0) else 0 end
        as eliminated_suspect_count,
    -- OUT-11: the layout has no evidence reference (6.0.12)
    cast(null as boolean) as has_medical_evidence,
    coalesce(s.decision_count, 0) as prosecutor_decision_count,
    coalesce(i.referral_count, 0) as referral_count,
    coalesce(i.started_count, 0) as started_intervention_count,
    case when l.unresolved_count > 0 or coalesce(l.unknown_count, 0) = 0 then coalesce(l.unresolved_count, 0) end
        as unresolved_line_count,
    l.unresolved_types as unresolved_line_types
from core.outcomes as o
left join core.crimes as c on o.crime_ref = c.crime_ref
left join suspects as p on o.crime_ref = p.crime_ref
left join submissions as s on o.crime_ref = s.crime_ref
left join interventions as i on o.crime_ref = i.crime_ref
left join lines as l on o.crime_ref = l.crime_ref
where o.is_current
