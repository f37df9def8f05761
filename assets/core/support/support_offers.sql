-- /// card
-- description = "One row is an offer of support to a victim, as reported by the commissioned service."
-- grain = ["referral_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Programmes for suspects are not support for victims and are left out.",
--     """Engaged means two or more contacts after acceptance; where contacts are not counted, the service's own \
--     statement.""",
-- ]
-- [columns]
-- referral_ref = "core.service_referrals"
-- person_ref = ["varchar", "Victim; null where neither victim nor crime is reported"]
-- "crime_ref, service_ref" = "core.service_referrals"
-- offered_date = ["date", "Day of the offer, London"]
-- offered_month = ["date", "Month of the offer, its first day"]
-- is_consented = ["boolean", "The victim agreed to it, as recorded; false where nothing is recorded"]
-- is_accepted = ["boolean", "A service accepted the victim"]
-- is_engaged = ["boolean", "Two contacts or more"]
-- is_completed = ["boolean", "The support was completed by the as-of moment"]
-- acceptance_days = ["double", "From the offer to the acceptance", "days"]
-- contact_days = ["double", "From the acceptance to the first contact", "days"]
-- sent_contact_days = ["double", "From the sending of the referral to the first contact", "days"]
-- offer_contact_days = ["double", "From the offer to the first contact", "days"]
-- "sex, age_band, ethnicity, disability, sexual_orientation, religion" = "core.service_referrals"
-- ///

-- The victim is the referral's own key, otherwise the principal victim of its crime.
with offers as (
    select
        r.referral_ref,
        coalesce(k.person_ref, v.person_ref, r.victim_key, c.victim_key) as person_ref,
        r.crime_ref,
        r.service_ref,
        london_date(r.offered_at) as offered_date,
        coalesce(r.has_consent, false) as is_consented,
        coalesce(r.accepted_at <= m.as_of_at, false) as is_accepted,
        -- strategic-assessment 6.3: engaged means two or more contacts; where contacts are not counted, the service's
        -- own statement
        case
            when r.contact_count is not null then r.contact_count >= 2
            else coalesce(r.is_engaged, false)
        end as has_contacts,
        coalesce(r.completed_at <= m.as_of_at, false) as has_completion,
        r.offered_at,
        r.sent_at,
        case when r.accepted_at <= m.as_of_at then r.accepted_at end as accepted_at,
        case when r.first_contact_at <= m.as_of_at then r.first_contact_at end as first_contact_at,
        r.sex,
        r.age_band,
        r.ethnicity,
        r.disability,
        r.sexual_orientation,
        r.religion
    from core.service_referrals as r
    cross join core.extract_moments as m
    left join core.people as k on r.victim_key = k.person_key
    left join core.crimes as c on r.crime_ref = c.crime_ref
    left join core.people as v on c.victim_key = v.person_key
    left join core.services as s on r.service_ref = s.service_ref
    where coalesce(s.is_for_victims, true) and r.offered_at is not null and r.offered_at <= m.as_of_at
)

select
    referral_ref,
    person_ref,
    crime_ref,
    service_ref,
    offered_date,
    month_of(offered_date) as offered_month,
    is_consented,
    is_accepted,
    is_accepted and has_contacts as is_engaged,
    is_accepted and has_completion as is_completed,
    case when accepted_at >= offered_at then days_between(offered_at, accepted_at) end as acceptance_days,
    case
        when first_contact_at >= accepted_at then days_between(accepted_at, first_contact_at)
    end as contact_days,
    case
        when first_contact_at >= sent_at then days_between(sent_at, first_contact_at)
    end as sent_contact_days,
    case
        when first_contact_at >= offered_at then days_between(offered_at, first_contact_at)
    end as offer_contact_days,
    sex,
    age_band,
    ethnicity,
    disability,
    sexual_orientation,
    religion
from offers
