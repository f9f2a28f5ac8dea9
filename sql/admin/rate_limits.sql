create view admin.rate_limits as
select r.client, r.policy, r.hits, r.window_start,
  ceil(extract(epoch from r.window_start + interval '1 minute' - clock_timestamp()))::integer as seconds_left
from vidgen.rate_limit r
where r.window_start > clock_timestamp() - interval '1 minute'
order by r.hits desc;
comment on view admin.rate_limits is 'Clients in their current one-minute window and their hits so far, busiest first.';
