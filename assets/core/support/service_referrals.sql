-- /// card
-- description = "One row is a referral as reported by the commissioned service."
-- grain = ["referral_ref"]
-- audience = []
-- caveats = ["As delivered with the force extract; a table that was not delivered is empty, so not measured."]
-- [columns]
-- referral_ref = ["varchar", "Referral"]
-- crime_ref = ["varchar", "Crime that led to the referral"]
-- force_code = ["varchar", """ONS code of the force of that crime, otherwise of the victim's crimes; then the only \
--     force. Null where none is known"""]
-- victim_key = "raw.referrals"
-- service_ref = ["varchar", "Service"]
-- offered_at = ["timestamp with time zone", "When it was offered", "UTC"]
-- has_consent = ["boolean", "The victim agreed"]
-- sent_at = ["timestamp with time zone", "When it was sent to the service", "UTC"]
-- accepted_at = ["timestamp with time zone", "When the service accepted it", "UTC"]
-- first_contact_at = ["timestamp with time zone", "First contact of the service with the victim", "UTC"]
-- contact_count = ["bigint", "Contacts of the service with the victim", "contacts"]
-- is_engaged = ["boolean", "The victim engaged with the service"]
-- completed_at = ["timestamp with time zone", "When the support was completed", "UTC"]
-- "sex, age_band, ethnicity, disability, sexual_orientation, religion" = "raw.referrals"
-- ///

select
    t.referral_id as referral_ref,
    t.crime_id as crime_ref,
    case when c.crime_ref is not null then c.force_code else coalesce(v.force_code, e.force_code) end as force_code,
    t.victim_key,
    t.service_id as service_ref,
    cast(t.offered_ts as timestamptz) as offered_at,
    cast(t.consent as boolean) as has_consent,
    cast(t.sent_ts as timestamptz) as sent_at,
    cast(t.accepted_ts as timestamptz) as accepted_at,
    cast(t.first_contact_ts as timestamptz) as first_contact_at,
    cast(t.contacts_n as bigint) as contact_count,
    cast(t.engaged as boolean) as is_engaged,
    cast(t.completed_ts as timestamptz) as completed_at,
    t.sex,
    t.age_band,
    t.ethnicity,
    t.disability,
    t.sexual_orientation,
    t.religion
from raw.referrals as t
inner join core.current_periods as p
    on p.source = 'referrals' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join core.crimes as c on t.crime_id = c.crime_ref
left join core.person_forces as v on t.victim_key = v.person_key and v.is_only_force
left join core.only_force as e on true
