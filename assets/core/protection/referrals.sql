select
    t.referral_id as referral_ref,
    t.crime_id as crime_ref,
    t.service as service_name,
    cast(t.offered_ts as timestamptz) as offered_at,
    cast(t.consent as boolean) as has_consent,
    cast(t.sent_ts as timestamptz) as sent_at,
    cast(t.accepted_ts as timestamptz) as accepted_at
from raw.referral as t
inner join core.current_periods as p
    on p.source = 'referral' and t.delivery_ref = p.delivery_ref and t.period = p.period
