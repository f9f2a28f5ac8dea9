create view admin.storage as
select k.name as api_key, coalesce(s.bytes, 0) as bytes, pg_size_pretty(coalesce(s.bytes, 0)) as pretty
from vidgen.api_key k
left join vidgen.storage s on s.api_key_id = k.id
union all
-- Uploads and renders in progress, by what has arrived completely.
select '(not yet of a job)', coalesce(sum(b.size), 0), pg_size_pretty(coalesce(sum(b.size), 0))
from vidgen.blob b where b.job_id is null
order by bytes desc;
comment on view admin.storage is 'Bytes stored for each API key (MAX_STORED_BYTES_PER_KEY), most first.';
