select
    t.referral_id as referral_ref,
    t.crime_id as crime_ref,
    t.victim_key,
    t.service_id as service_ref,
    cast(t.offered_ts as timestamptz) as offered_at,
    cast(t.consent as boolean) as has_consent,
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
