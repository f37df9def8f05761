-- /// card
-- description = "One row is an offence code with its days in the force's own copy of the Cambridge Crime Harm Index."
-- grain = ["ho_code"]
-- audience = []
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Empty without the force's own copy, which the product does not include.",
--     "Rows marked EXPIRED are left out: a crime under an expired code takes the days of its class, as an assumption.",
-- ]
-- [columns]
-- ho_code = ["varchar", "Home Office code such as 8/65, or a class such as 8Q where the copy gives one"]
-- sentencing_days = ["double", "Days of imprisonment; the median where rows of the code differ", "days"]
-- least_days = ["double", "Fewest days in the rows of the code", "days"]
-- greatest_days = ["double", "Most days in the rows of the code", "days"]
-- is_sentencing_assumed = ["boolean", "The rows of the code differ"]
-- row_count = ["bigint", "Rows of the code", "rows", "Rows"]
-- ///

-- Strategic-assessment 4.1: EXPIRED rows are left out. A copy may list several offences under one code; where they
-- differ, their median is used as an assumption.
select
    r.ho_code,
    median(cast(replace(r.sentencing_days, ',', '') as double)) as sentencing_days,
    min(cast(replace(r.sentencing_days, ',', '') as double)) as least_days,
    max(cast(replace(r.sentencing_days, ',', '') as double)) as greatest_days,
    count(distinct cast(replace(r.sentencing_days, ',', '') as double)) > 1 as is_sentencing_assumed,
    count(*) as row_count
from raw.cambridge_harm_index as r
inner join core.current_periods as p on p.source = 'cambridge_harm_index' and r.delivery_ref = p.delivery_ref
where r.is_expired = 'false'
group by r.ho_code
