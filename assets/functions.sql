-- Formulas that many SELECTs share. A SELECT calls them by name, and gets the formula in that place when it is read.
-- DuckDB runs this file as it is, for an analyst who asks the warehouse by hand.

-- Limits of a share of n cases, and z the quantile of the normal distribution: Wilson (1927). Null where n is 0 or null.
create macro wilson_lower(share, n, z) as
    (share + z * z / (2 * n) - z * sqrt(share * (1 - share) / n + z * z / (4.0 * n * n))) / (1 + z * z / n);

create macro wilson_upper(share, n, z) as
    (share + z * z / (2 * n) + z * sqrt(share * (1 - share) / n + z * z / (4.0 * n * n))) / (1 + z * z / n);

-- The day in London at a moment.
create macro london_date(moment) as
    cast(moment at time zone 'Europe/London' as date);

-- Time that has passed between two moments or days, as a number.
create macro hours_between(first, last) as
    (epoch(last) - epoch(first)) / 3600.0;

create macro days_between(first, last) as
    (epoch(last) - epoch(first)) / 86400.0;

-- The first day of the month of a day.
create macro month_of(day) as
    cast(date_trunc('month', day) as date);

-- Days that a time limit lasts at most. Five working days are a week, and five days more leave room for bank holidays.
create macro days_at_most(limit_value, limit_unit) as
    cast(case limit_unit
        when 'hours' then ceil(limit_value / 24)
        when 'working days' then 7 * ceil(limit_value / 5) + 5
        else limit_value
    end as integer);

-- Quantile of Student's distribution for z, the same of the normal one: Fisher and Cornish (1960), to 1 in 90 from df 2.7.
create macro student_quantile(z, df) as
    z + (power(z, 3) + z) / (4 * df) + (5 * power(z, 5) + 16 * power(z, 3) + 3 * z) / (96 * df * df)
        + (3 * power(z, 7) + 19 * power(z, 5) + 17 * power(z, 3) - 15 * z) / (384 * power(df, 3));
