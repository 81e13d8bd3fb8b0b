-- The rule of Decision 2686 once more, in SQL, written from the words of the law and not from the program.
-- Day by day: windows, what is missing, then very high, high, elevated; communes and hamlets, districts,
-- provinces. Slow and plain on purpose.

create temp table oracle_area (
    id int primary key, tier text not null, parent int, valid_from int, valid_to int,
    population bigint, series_start int, first_report int
);
create temp table oracle_report (
    id int, day int, unclassified int, unknown_source int, known_source int, close_contacts int,
    primary key (day, id)
);
create temp table oracle_border (id int, neighbour int);
create temp table oracle_fact (id int, kind text, since int, until int);
create temp table oracle_decision (id int, since int, until int, level int);

-- Criteria met, whatever the level found in the end.
create temp table oracle_met (day int, id int, level int, criterion text, primary key (id, criterion, day));
-- What was found.
create temp table oracle_level (
    day int, id int, level int, provisional boolean, decided boolean, primary key (day, id)
);
-- The day being worked on.
create temp table oracle_today (
    id int primary key, tier text, parent int, has_level boolean, provisional boolean,
    unknown_source int, known_source int, close_contacts int, cases bigint, people bigint,
    level int not null default 1, decided boolean not null default false
);

-- Where people decided, theirs is the level, before anything else is asked. Whoever was decided about is known
-- from that day on.
create procedure pg_temp.oracle_decide(d int, tiers text[]) language sql as $$
    update oracle_today t
       set has_level = true
     where t.tier = any (tiers)
       and exists (select from oracle_decision o join oracle_area a using (id)
                    where o.id = t.id and greatest(o.since, a.valid_from, 0) <= least(o.until, d));
    update oracle_today t
       set level = o.level, decided = true
      from oracle_decision o
     where t.tier = any (tiers) and o.id = t.id and d between o.since and o.until;
$$;

create procedure pg_temp.oracle_raise(d int, to_level int, tiers text[], hold_days int) language sql as $$
    update oracle_today t
       set level = to_level
     where t.has_level
       and not t.decided
       and t.tier = any (tiers)
       and t.level < to_level
       and (
            exists (select from oracle_met m
                     where m.id = t.id and m.level = to_level and m.day between d - hold_days and d)
            or (t.provisional and exists (select from oracle_level y
                                           where y.id = t.id and y.day = d - 1 and y.level >= to_level))
       );
$$;

create procedure pg_temp.oracle_declared(d int, of_tiers text[], of_kind text, of_level int, of_criterion text)
language sql as $$
    insert into oracle_met
    select distinct d, t.id, of_level, of_criterion
      from oracle_today t join oracle_fact f on f.id = t.id
     where t.has_level and t.tier = any (of_tiers) and f.kind = of_kind and d between f.since and f.until;
$$;

create procedure pg_temp.oracle_touching(d int, neighbour_level int, of_level int, of_criterion text)
language sql as $$
    insert into oracle_met
    select distinct d, t.id, of_level, of_criterion
      from oracle_today t
      join oracle_border b on b.id = t.id
      join oracle_today n on n.id = b.neighbour
     where t.has_level and t.tier = 'commune' and n.has_level and n.level >= neighbour_level;
$$;

-- At least `how_many` of the areas below at or above a level, and at least `percent` percent of all of them.
create procedure pg_temp.oracle_below(
    d int, of_tier text, child_tier text, child_level int, percent int, how_many int, of_level int, of_criterion text
) language sql as $$
    insert into oracle_met
    select d, t.id, of_level, of_criterion
      from oracle_today t join oracle_today c on c.parent = t.id and c.tier = child_tier
     where t.has_level and t.tier = of_tier
     group by t.id
    having count(*) filter (where c.has_level and c.level >= child_level) >= how_many
       and count(*) filter (where c.has_level and c.level >= child_level)::numeric / count(*) >= percent / 100.0;
$$;

create procedure pg_temp.oracle_day(
    d int, window_days int, cluster_size int, hold_days int, unclassified_as text, with_hamlets boolean
) language plpgsql as $$
declare
    squares constant text[] := array['commune', 'hamlet'];
begin
    truncate oracle_today;

    -- Communes and hamlets: their windows, and whether a report is missing in them.
    insert into oracle_today
    select a.id, a.tier, a.parent,
           coalesce(a.first_report <= d, false),
           coalesce(a.series_start <= d
                    and coalesce(r.reports, 0) < d - greatest(d - window_days + 1, a.series_start) + 1, false),
           coalesce(r.unknown_source, 0), coalesce(r.known_source, 0), coalesce(r.close_contacts, 0)
      from oracle_area a
      left join (
            select id, count(*) as reports,
                   sum(unknown_source + case unclassified_as when 'unknown_source' then unclassified else 0 end)
                        as unknown_source,
                   sum(known_source + case unclassified_as when 'known_source' then unclassified else 0 end)
                        as known_source,
                   sum(close_contacts) as close_contacts
              from oracle_report where day between d - window_days + 1 and d group by id
           ) r on r.id = a.id
     where d between a.valid_from and a.valid_to
       and (a.tier = 'commune' or (a.tier = 'hamlet' and with_hamlets));
    call pg_temp.oracle_decide(d, squares);
    analyze oracle_today;

    insert into oracle_met select d, id, 4, 'xa.do.1' from oracle_today
     where has_level and unknown_source >= cluster_size;
    call pg_temp.oracle_declared(d, squares, 'crowded_place_source', 4, 'xa.do.2');
    call pg_temp.oracle_raise(d, 4, squares, hold_days);

    insert into oracle_met select d, id, 3, 'xa.cam.1' from oracle_today where has_level and unknown_source >= 1;
    call pg_temp.oracle_touching(d, 4, 3, 'xa.cam.2');
    call pg_temp.oracle_raise(d, 3, squares, hold_days);

    insert into oracle_met select d, id, 2, 'xa.vang.1' from oracle_today where has_level and known_source >= 1;
    insert into oracle_met select d, id, 2, 'xa.vang.2' from oracle_today where has_level and close_contacts >= 1;
    call pg_temp.oracle_touching(d, 3, 2, 'xa.vang.3');
    call pg_temp.oracle_declared(d, squares, 'entry_or_quarantine_pressure', 2, 'xa.vang.4');
    call pg_temp.oracle_raise(d, 2, squares, hold_days);

    -- Districts and provinces: what their communes lend them.
    insert into oracle_today
    with membership as (
        select c.id as commune, c.parent as above from oracle_area c where c.tier = 'commune'
        union all
        select c.id, h.parent from oracle_area c join oracle_area h on h.id = c.parent
         where c.tier = 'commune' and h.tier = 'district'
    ), cases as (
        select m.above,
               sum(r.known_source + case unclassified_as when 'known_source' then r.unclassified else 0 end) as cases
          from membership m join oracle_report r on r.id = m.commune
         where r.day between d - window_days + 1 and d group by m.above
    ), standing as (
        select m.above, bool_or(t.provisional) as provisional,
               case when bool_and(c.population is not null) then sum(c.population) end as people
          from membership m join oracle_today t on t.id = m.commune join oracle_area c on c.id = m.commune
         group by m.above
    ), beginning as (
        select m.above, min(least(c.first_report, decided.first_day)) as first_report
          from membership m
          join oracle_area c on c.id = m.commune
          left join lateral (
                select min(greatest(o.since, c.valid_from, 0)) as first_day from oracle_decision o
                 where o.id = c.id and greatest(o.since, c.valid_from, 0) <= least(o.until, c.valid_to)
               ) decided on true
         group by m.above
    )
    select a.id, a.tier, a.parent, coalesce(beginning.first_report <= d, false),
           coalesce(standing.provisional, false), 0, 0, 0,
           coalesce(cases.cases, 0), coalesce(a.population, standing.people)
      from oracle_area a
      left join cases on cases.above = a.id
      left join standing on standing.above = a.id
      left join beginning on beginning.above = a.id
     where a.tier in ('district', 'province') and d between a.valid_from and a.valid_to;
    call pg_temp.oracle_decide(d, '{district, province}');

    call pg_temp.oracle_below(d, 'district', 'commune', 4, 30, 0, 4, 'huyen.do.1');
    call pg_temp.oracle_below(d, 'district', 'commune', 3, 50, 0, 4, 'huyen.do.2');
    call pg_temp.oracle_declared(d, '{district}', 'uncontrolled_spread_over_half', 4, 'huyen.do.3');
    call pg_temp.oracle_raise(d, 4, '{district}', hold_days);

    call pg_temp.oracle_below(d, 'district', 'commune', 3, 30, 0, 3, 'huyen.cam.1');
    call pg_temp.oracle_below(d, 'district', 'commune', 2, 50, 0, 3, 'huyen.cam.2');
    call pg_temp.oracle_below(d, 'district', 'commune', 4, 0, 1, 3, 'huyen.cam.3');
    call pg_temp.oracle_declared(d, '{district}', 'uncontrolled_spread_over_fifth', 3, 'huyen.cam.4');
    call pg_temp.oracle_declared(d, '{district}', 'critical_industry_near_uncontrolled', 3, 'huyen.cam.5');
    call pg_temp.oracle_raise(d, 3, '{district}', hold_days);

    insert into oracle_met select d, id, 2, 'huyen.vang.1' from oracle_today
     where has_level and tier = 'district' and cases::numeric / nullif(people, 0) > 1 / 100000.0;
    call pg_temp.oracle_below(d, 'district', 'commune', 2, 0, 1, 2, 'huyen.vang.2');
    call pg_temp.oracle_raise(d, 2, '{district}', hold_days);

    call pg_temp.oracle_below(d, 'province', 'district', 4, 30, 0, 4, 'tinh.do.1');
    call pg_temp.oracle_below(d, 'province', 'district', 3, 50, 0, 4, 'tinh.do.2');
    call pg_temp.oracle_declared(d, '{province}', 'large_outbreak_beyond', 4, 'tinh.do.3');
    call pg_temp.oracle_raise(d, 4, '{province}', hold_days);

    call pg_temp.oracle_below(d, 'province', 'district', 4, 0, 1, 3, 'tinh.cam.1');
    call pg_temp.oracle_raise(d, 3, '{province}', hold_days);

    insert into oracle_met select d, id, 2, 'tinh.vang.1' from oracle_today
     where has_level and tier = 'province' and cases::numeric / nullif(people, 0) > 1 / 100000.0;
    call pg_temp.oracle_below(d, 'province', 'district', 2, 0, 1, 2, 'tinh.vang.2');
    call pg_temp.oracle_raise(d, 2, '{province}', hold_days);

    insert into oracle_level
    select d, id, case when has_level then level else 0 end, provisional, decided from oracle_today;
end
$$;
