-- Days of the Cambridge Crime Harm Index by offence code, of the copy that counts, EXPIRED rows left out
-- (strategic-assessment 4.1). A copy may list several offences under one code: where they differ the median stands, as an
-- assumption.
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
