-- /// card
-- description = "One row is a crime that rows of other tables refer to, or the parent crime that a removal names."
-- grain = []
-- audience = ["integrity"]
-- caveats = ["Rules use these facts; a null fact could not be assessed and is never a pass."]
-- [columns]
-- crime_ref = "columns"
-- reference_type = ["varchar", "crime or parent crime"]
-- target_ref = ["varchar", "Crime referred to: a crime_id, or the crime reference of a parent"]
-- child_tables = ["varchar", "Tables of the extract that refer to it"]
-- row_count = ["bigint", "Rows that refer to it", "rows", "Rows"]
-- is_found = ["boolean", "STR-11: the crime is in the extract"]
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- ///

-- STR-11: every child row's crime exists, and so does every parent crime that a removal names. Recording-standards 6.1.
-- The crimes that are missing have a row too. A crime whose row was quarantined was delivered, so whether it exists is
-- not known.
with quarantined as (
    select reference_digest
    from core.quarantined_references
    where source = 'crime'
),

children as (
    select crime_ref, 'included_classification' as child_table from core.included_classifications
    union all
    select crime_ref, 'classification_history' from core.classification_changes
    union all
    select crime_ref, 'removal' from core.removals
    union all
    select crime_ref, 'crime_flag' from core.crime_flags
    union all
    select crime_ref, 'crime_link' from core.crime_links
    union all
    select crime_ref, 'party_role' from core.parties
    union all
    select crime_ref, 'outcome' from core.outcomes
    union all
    select crime_ref, 'victim_engagement' from core.victim_engagements
    union all
    select crime_ref, 'victim_contact' from core.victim_contacts
    union all
    select crime_ref, 'risk_assessment' from core.risk_assessments
    union all
    select crime_ref, 'case_step' from core.case_steps
    union all
    select crime_ref, 'review' from core.reviews
    union all
    select crime_ref, 'allocation' from core.allocations
    union all
    select crime_ref, 'line_of_enquiry' from core.lines_of_enquiry
    union all
    select crime_ref, 'notice' from core.notices
    union all
    select crime_ref, 'order_breach' from core.order_breaches
    union all
    select crime_ref, 'referral' from core.referrals
    union all
    select crime_ref, 'custody' from core.custodies
    union all
    select crime_ref, 'cps_submission' from core.cps_submissions
    union all
    select crime_ref, 'case_file' from core.case_file_items
),

counted as (
    select crime_ref, child_table, count(*) as row_count
    from children
    where crime_ref is not null
    group by crime_ref, child_table
),

pointed as (
    select
        crime_ref,
        string_agg(child_table, ', ' order by child_table) as child_tables,
        cast(sum(row_count) as bigint) as row_count
    from counted
    group by crime_ref
),

parents as (
    select
        r.crime_ref,
        r.parent_force_crime_ref,
        count(*) as row_count,
        -- 6.0.3: references are unique within a force, not across forces
        case when count(m.crime_ref) > 0 then true when count(q.reference_digest) = 0 then false end as is_found
    from core.removals as r
    left join core.crimes as c on r.crime_ref = c.crime_ref
    left join core.crimes as m
        on r.parent_force_crime_ref = m.force_crime_ref and c.force_code = m.force_code
    left join quarantined as q on q.reference_digest = md5('crime_ref=' || r.parent_force_crime_ref)
    where r.parent_force_crime_ref is not null
    group by r.crime_ref, r.parent_force_crime_ref
),

facts as (
    select
        p.crime_ref,
        'crime' as reference_type,
        p.crime_ref as target_ref,
        p.child_tables,
        p.row_count,
        case when c.crime_ref is not null then true when q.reference_digest is null then false end as is_found
    from pointed as p
    left join core.crimes as c on p.crime_ref = c.crime_ref
    left join quarantined as q on q.reference_digest = md5('crime_id=' || p.crime_ref)
    union all
    select crime_ref, 'parent crime', parent_force_crime_ref, 'removal', row_count, is_found
    from parents
)

select
    f.crime_ref,
    f.reference_type,
    f.target_ref,
    f.child_tables,
    f.row_count,
    f.is_found,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code
from facts as f
left join core.crimes as c on f.crime_ref = c.crime_ref
