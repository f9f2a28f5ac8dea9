-- A process is alive when it holds its lease (the advisory lock that ends with its session) and has
-- beaten lately. api.sweep buries other rows within seconds, so a dead row that stays means that no
-- process sweeps.
create view admin.workers as
select p.id, p.kind, p.host, p.pid,
  p.beat_at > clock_timestamp() - interval '15 seconds' and exists (
    select from pg_locks l where l.locktype = 'advisory' and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.classid = vidgen.lease_class()::oid and l.objid = p.id::oid) as alive,
  p.started_at as since, p.beat_at as last_beat,
  (select count(*) from vidgen.job j where j.process_id = p.id and j.status = 'PROCESSING') as rendering,
  (select count(*) from vidgen.delivery d where d.process_id = p.id and d.duration_ms is null and d.started_at > now() - interval '30 seconds') as delivering,
  p.version, p.slots, p.moving_slots, p.resting_since
from vidgen.process p
order by p.kind, p.started_at;
comment on view admin.workers is 'The API and worker processes: whether they live, since when, which version, what they are doing, and which rest because their machine cannot render.';
