-- /// card
-- description = "One row is the removal of a recorded crime, with the evidence that it needs."
-- grain = []
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- crime_ref = "core.removals"
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- removal_code = "core.removals"
-- is_stalking_or_harassment = "core.crimes"
-- is_cancelled = ["boolean", "Removed under C2 to C5"]
-- is_removal_evidenced = ["boolean", "The evidence that C1, C2 or C3 needs is present"]
-- is_role_allowed = ["boolean", "The authoriser's role may cancel crimes"]
-- authoriser_role = "core.removals"
-- is_authorised_by_investigator = ["boolean", "The authoriser is the officer in the case"]
-- is_victim_informed = ["boolean", "The record dates when the victim was informed"]
-- is_removal_authorised = ["boolean", "Role allowed, not the officer in the case, victim informed"]
-- days_to_next_crime = ["double", "From the removal to the next report of a crime of the same pair", "days"]
-- is_followed_by_crime = ["boolean", "That report came within the days set; null without a pair"]
-- ///

-- Removals and the evidence they need (recording-standards 1.3, 6.4: OUT-20 to 22).
with settings as (
    select removals_new_crime_days as new_crime_days
    from core.settings
),

verified as (
    -- the text itself stays in raw
    select t.crime_id as crime_ref, t.removal_code, bool_or(t.avi_text is not null) as has_text
    from raw.removal as t
    inner join core.current_periods as p
        on p.source = 'removal' and t.delivery_ref = p.delivery_ref and t.period = p.period
    group by t.crime_id, t.removal_code
),

parents as (
    select force_code, force_crime_ref, crime_ref
    from core.crimes
),

removed as (
    select
        r.*,
        c.force_code,
        c.recorded_date,
        c.recorded_month,
        c.unit_name,
        c.class_code,
        c.is_stalking_or_harassment,
        c.investigator_ref,
        v.has_text,
        exists (
            select 1
            from parents as p
            where p.force_code = c.force_code and p.force_crime_ref = r.parent_force_crime_ref
                and p.crime_ref <> r.crime_ref
        ) as has_parent
    from core.removals as r
    inner join core.crimes as c on r.crime_ref = c.crime_ref
    left join verified as v on r.crime_ref = v.crime_ref and r.removal_code = v.removal_code
),

returns as (
    -- OUT-22: days until the next crime of the same pair
    select
        r.crime_ref,
        r.removed_at,
        min(days_between(r.removed_at, n.reported_at)) as days_to_next_crime
    from removed as r
    inner join core.pair_crimes as m on r.crime_ref = m.crime_ref
    left join core.pair_crimes as n
        on m.pair_ref = n.pair_ref and n.crime_ref <> r.crime_ref and n.reported_at > r.removed_at
    group by r.crime_ref, r.removed_at
)

select
    r.crime_ref,
    r.force_code,
    r.recorded_date,
    r.recorded_month,
    r.unit_name,
    r.class_code,
    r.removal_code,
    r.is_stalking_or_harassment,
    r.removal_code in ('C2', 'C3', 'C4', 'C5') as is_cancelled,
    case r.removal_code
        when 'C1' then r.receiving_force_code is not null and r.receiving_crime_ref is not null
            and r.accepted_at is not null
        when 'C2' then coalesce(r.has_text, false) and r.verifier_ref is not null
        when 'C3' then r.has_parent
    end as is_removal_evidenced,
    coalesce(r.authoriser_role in ('fcr', 'deputy_fcr', 'ddm', 'supervisor'), false) as is_role_allowed,
    r.authoriser_role,
    r.authoriser_ref = r.investigator_ref as is_authorised_by_investigator,
    r.victim_informed_at is not null as is_victim_informed,
    -- unknown only where no known fact breaches the standard
    case
        when coalesce(r.authoriser_role not in ('fcr', 'deputy_fcr', 'ddm', 'supervisor'), true) then false
        when r.victim_informed_at is null then false
        else r.authoriser_ref <> r.investigator_ref
    end as is_removal_authorised,
    n.days_to_next_crime,
    case when n.crime_ref is not null then coalesce(n.days_to_next_crime <= s.new_crime_days, false) end
        as is_followed_by_crime
from removed as r
cross join settings as s
left join returns as n on r.crime_ref = n.crime_ref and r.removed_at = n.removed_at
