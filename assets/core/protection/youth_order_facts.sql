-- /// card
-- description = "One row is an application for a stalking protection order against a person who may be under 18."
-- grain = ["order_ref"]
-- audience = []
-- caveats = ["Facts for the rules: a fact that cannot be assessed is null."]
-- [columns]
-- "order_ref, crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, court" = "core.order_facts"
-- "respondent_age_at_least, respondent_age_at_most" = "core.order_facts"
-- is_in_youth_court = ["boolean", "The court is a youth court; null where court or age leaves it open"]
-- ///

-- Recording-standards 6.6, ORD-05: an application against a person aged 10 to 17 goes to the youth court. The extract
-- has only the month of birth, so in the month of the eighteenth birthday the age is not known.
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
