-- /// card
-- description = "One row is the share of adults of a sex and age who were victims in a year, as a survey asked them."
-- grain = ["need_code", "sex", "age_from"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "The survey counts people who report it to an interviewer. It counts no crimes, and the police need not know.",
--     "National shares: local differences in stalking are not included.",
--     "Limits cover only the survey's sampling error, from an effective sample that this product assumes.",
-- ]
-- [columns]
-- "need_code, need_name, sex, age_from, age_to" = "reference.need_prevalence"
-- survey_year = "reference.need_prevalence"
-- victim_share = ["double", "Share who were victims in the last year", "0 to 1"]
-- "share_lower, share_upper" = "columns"
-- ///

-- Strategic-assessment 6.2 for the survey; Wilson interval (recording-standards 5.1) on the effective sample.
with settings as (
    select intervals_z as z
    from core.settings
)

select
    n.need_code,
    n.need_name,
    n.sex,
    n.age_from,
    n.age_to,
    n.survey_year,
    n.prevalence as victim_share,
    wilson_lower(n.prevalence, n.effective_sample, s.z) as share_lower,
    wilson_upper(n.prevalence, n.effective_sample, s.z) as share_upper
from reference.need_prevalence as n
cross join settings as s
