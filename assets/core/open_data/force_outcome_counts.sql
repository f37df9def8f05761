-- /// card
-- description = """One row is the number of outcomes of a published group in a force, quarter and class of stalking \
--     and harassment. Source: the Home Office's open data table."""
-- grain = ["force_code", "period_start", "basis", "offence_class", "outcome_group"]
-- audience = ["integrity"]
-- caveats = [
--     """There are two bases, which are never mixed. One has the outcomes of crimes recorded in the quarter, as known \
--     when the table was made. The other has the outcomes of investigations closed in the quarter.""",
--     "Charges and cautions for an alternate offence (1A, 2A, 3A) are already in 1, 2 and 3 and are not added again.",
--     """A count that the publisher does not give is null, not zero. Negative counts are corrections by the force and \
--     are kept.""",
-- ]
-- [columns]
-- force_code = "columns"
-- period_start = ["date", "First day of the quarter"]
-- basis = ["varchar", """recorded: outcomes of the crimes recorded in the quarter; closed: of the investigations \
--     closed in it"""]
-- offence_class = ["varchar", "8L, 8M, 8Q, 8R, 8U, or other class of the subgroup"]
-- outcome_group = ["varchar", "Published group of the outcome code, exact words; Code in no published list"]
-- outcome_count = ["bigint", "Outcomes; null where a part is missing", "outcomes", "Crimes"]
-- ///

-- Outcomes on two bases, which are never mixed (recording-standards 3.3, 4.3).
with delivered as (
    select
        n.force_code,
        -- quarters are financial: quarter 1 is April to June
        make_date(
            cast(substr(h.financial_year, 1, 4) as integer) + case when trim(h.financial_quarter) = '4' then 1 else 0 end,
            case trim(h.financial_quarter) when '1' then 4 when '2' then 7 when '3' then 10 else 1 end,
            1
        ) as period_start,
        upper(trim(h.offence_code)) as offence_code,
        lower(trim(h.offence_subgroup)) as offence_subgroup,
        upper(trim(h.outcome_type)) as outcome_code,
        -- 'offence code expired' means that there is nothing to count; any other text means that no number was given
        lower(coalesce(h.offence_code_expired, '')) like '%x%' as is_expired,
        trim(coalesce(h.outcome_count_of_recorded, '')) as recorded_text,
        trim(coalesce(h.outcome_count_of_closed, '')) as closed_text
    from raw.home_office_outcomes as h
    inner join core.current_periods as p
        on p.source = 'home_office_outcomes' and h.delivery_ref = p.delivery_ref and h.period = p.period
    inner join reference.force_names as n on lower(trim(h.force_name)) = n.name_key
),

bases as (
    select *, 'recorded' as basis, recorded_text as count_text
    from delivered
    union all
    select *, 'closed', closed_text
    from delivered
    -- type 0 is not an outcome: it closed nothing
    where outcome_code not in ('0', '00')
),

read as (
    select
        b.force_code,
        b.period_start,
        b.basis,
        coalesce(c.offence_code, 'other class') as offence_class,
        coalesce(g.outcome_group, 'Code in no published list') as outcome_group,
        -- '-00' is the publisher's zero; negative counts are corrections and are kept
        try_cast(replace(b.count_text, ',', '') as bigint) as outcome_count,
        b.is_expired or lower(b.count_text) like '%expired%' as is_expired
    from bases as b
    left join reference.offence_classes as c on b.offence_code = c.offence_code and c.is_stalking_and_harassment
    left join reference.outcome_groups as g
        -- 01 is 1, and 00 is 0
        on case when length(b.outcome_code) = 2 and b.outcome_code like '0%' then substr(b.outcome_code, 2, 1)
            else b.outcome_code end = g.outcome_code
    -- charges and cautions for another offence (1A, 2A, 3A) are already in 1, 2 and 3
    where b.outcome_code not like '%A' and (c.offence_code is not null or b.offence_subgroup = 'stalking and harassment')
)

select
    r.force_code,
    r.period_start,
    r.basis,
    r.offence_class,
    r.outcome_group,
    -- a sum is null where a part of it is missing
    cast(
        case when count(*) filter (where r.outcome_count is null) = 0 then sum(r.outcome_count) end as bigint
    ) as outcome_count
from read as r
inner join reference.forces as f on r.force_code = f.force_code
-- bodies that are not forces are loaded in raw and left out here
where f.force_type <> 'pseudo' and not (r.outcome_count is null and r.is_expired)
group by r.force_code, r.period_start, r.basis, r.offence_class, r.outcome_group
