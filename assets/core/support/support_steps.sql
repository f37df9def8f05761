-- /// card
-- description = "One row is a victim of a year, or an offer of support in it, that counts for a measure."
-- grain = ["period_code", "measure_code", "unit_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Anything the delivered fields do not show does not count here; core.support_measured says what is measured.",
-- ]
-- [columns]
-- period_code = "columns"
-- unit = ["varchar", "victims or offers"]
-- unit_ref = ["varchar", "Victim or referral"]
-- person_ref = ["varchar", "Victim; null for an offer to an unknown person"]
-- measure_code = ["varchar", "Measure"]
-- ///

-- Each counts for every measure that it reaches.
select
    v.period_code,
    m.unit,
    v.person_ref as unit_ref,
    v.person_ref,
    m.measure_code
from core.support_victims as v
inner join reference.support_measures as m
    on m.unit = 'victims'
    and case m.measure_code
        when 'known' then true
        when 'known_stalking' then v.is_stalking
        when 'offered' then v.is_offered
        when 'consented' then v.is_consented
        when 'accepted' then v.is_accepted
        when 'engaged' then v.is_engaged
        when 'completed' then v.is_completed
        when 'charged' then v.is_charged
        when 'withdrawn' then v.is_withdrawn
    end
union all
select
    p.period_code,
    m.unit,
    o.referral_ref,
    o.person_ref,
    m.measure_code
from core.support_offers as o
inner join core.support_periods as p
    on o.offered_date >= p.period_start and o.offered_date < p.period_end and p.is_held
inner join reference.support_measures as m
    on m.unit = 'offers'
    and case m.measure_code
        when 'referrals' then true
        when 'referrals_accepted' then o.is_accepted
        when 'referrals_contacted' then o.is_accepted and o.contact_days is not null
    end
