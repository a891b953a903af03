-- Chain time at which a stake was taken: once it is old, its row is forgotten. By the wall clock a chain whose clock is
-- moved ahead would forget at once.
alter table markets.relayed add column at bigint;
update markets.relayed set at = extract(epoch from created_at)::bigint;
alter table markets.relayed alter column at set not null;
create index relayed_by_age on markets.relayed (at);
