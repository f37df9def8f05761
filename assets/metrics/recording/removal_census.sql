-- /// card
-- description = "One row is a removal code, class and month: recorded crimes that were cancelled or transferred."
-- grain = ["removal_code", "class_code", "month"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """C1 needs the receiving force, its reference and its acceptance. C2 needs additional verifiable information \
--     and a verifier. C3 needs the crime that it belongs to. C4 and C5 have no such field.""",
--     "A victim without a date of notice counts as not informed. Every removal is included: a census, not a sample.",
-- ]
-- [columns]
-- removal_code = ["varchar", "C1 to C5, the criterion of the removal; not known without one"]
-- class_code = "columns"
-- month = ["date", "Month of the removal"]
-- is_transfer = ["boolean", "Transferred to another force (C1); else cancelled; null where the criterion is not known"]
-- removal_count = ["bigint", "Removals", "crimes", "Removals"]
-- evidenced_count = ["bigint", "Removals with the evidence that the code needs", "crimes", "Show what it asks for"]
-- evidence_unknown_count = ["bigint", "Removals that cannot be assessed", "crimes", "Cannot be assessed"]
-- verified_count = ["bigint", "Removals that name a verifier who is not the authoriser", "crimes", "Verified by another person"]
-- victim_informed_count = ["bigint", "Removals of which the victim was informed", "crimes", "Victim informed"]
-- ///

-- Every removal of a recorded crime (recording-standards 1.3): its evidence, and whether the victim was informed.
with removals as (
    select
        r.crime_ref,
        r.removal_code,
        month_of(london_date(max(r.removed_at))) as month,
        -- where the authoriser is not known, any verifier counts
        bool_or(r.verifier_ref is not null and r.verifier_ref is distinct from r.authoriser_ref) as is_verified,
        max(r.victim_informed_at) is not null as is_victim_informed
    from core.removals as r
    group by r.crime_ref, r.removal_code
),

shown as (
    select crime_ref, removal_code, bool_and(is_removal_evidenced) as is_evidenced
    from core.removal_facts
    group by crime_ref, removal_code
)

select
    coalesce(r.removal_code, 'not known') as removal_code,
    coalesce(c.class_code, 'not known') as class_code,
    r.month,
    r.removal_code = 'C1' as is_transfer,
    count(*) as removal_count,
    count(*) filter (where s.is_evidenced) as evidenced_count,
    count(*) filter (where s.is_evidenced is null) as evidence_unknown_count,
    count(*) filter (where r.is_verified) as verified_count,
    count(*) filter (where r.is_victim_informed) as victim_informed_count
from removals as r
left join core.crimes as c on r.crime_ref = c.crime_ref
left join shown as s on r.crime_ref = s.crime_ref and r.removal_code is not distinct from s.removal_code
group by r.removal_code, coalesce(c.class_code, 'not known'), r.month
