select
    t.crime_id as crime_ref,
    t.removal_code,
    cast(t.removal_ts as timestamptz) as removed_at,
    t.authoriser_id as authoriser_ref,
    t.authoriser_role,
    t.verifier as verifier_ref,
    t.receiving_force as receiving_force_code,
    t.receiving_ref as receiving_crime_ref,
    cast(t.accepted_ts as timestamptz) as accepted_at,
    t.parent_crime_ref as parent_force_crime_ref,
    cast(t.victim_informed_ts as timestamptz) as victim_informed_at
from raw.removal as t
inner join core.current_periods as p
    on p.source = 'removal' and t.delivery_ref = p.delivery_ref and t.period = p.period
