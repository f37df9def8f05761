-- /// card
-- description = "One row is an application for a stalking protection order against a person who may be under eighteen."
-- grain = ["order_ref"]
-- audience = []
-- caveats = ["Facts for the rules: what cannot be judged is null."]
-- [columns]
-- order_ref = ["varchar", "Order"]
-- crime_ref = ["varchar", "Crime of the same victim and suspect, the last reported before the order"]
-- force_code = ["varchar", "ONS code of the police force area"]
-- recorded_date = ["date", "Day the order was considered, else applied for, granted or served, London"]
-- recorded_month = ["date", "Month of that day"]
-- unit_name = ["varchar", "Unit of the officer in the case"]
-- class_code = ["varchar", "Counting-rules class"]
-- court = ["varchar", "Court"]
-- respondent_age_at_least = ["integer", "Age of the respondent, if the birthday is late in its month", "years"]
-- respondent_age_at_most = ["integer", "Age of the respondent, if the birthday is early in its month", "years"]
-- is_in_youth_court = ["boolean", "The court is a youth court; null where court or age leaves it open"]
-- ///

-- Recording-standards 6.6, ORD-05: an application against a person of ten to seventeen goes to the youth court.
-- The extract gives the month of birth alone: in the month of the eighteenth birthday the age is open.
select
    order_ref,
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    court,
    respondent_age_at_least,
    respondent_age_at_most,
    case
        when regexp_matches(lower(court), 'youth') then true
        when court is not null and respondent_age_at_most < 18 then false
    end as is_in_youth_court
from core.order_facts
where
    is_stalking_protection and applied_at is not null
    and respondent_age_at_least < 18 and respondent_age_at_most >= 10
