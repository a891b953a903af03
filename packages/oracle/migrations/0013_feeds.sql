-- Fed by the logs of the feeds alone: the newest value of each, and what holds it up.
create table oracle.feeds (
  feed        text primary key,
  domain      integer not null,
  decimals    integer not null,
  -- null: nobody logged its terms
  schema      text,
  value       numeric(78, 0),
  observed_at bigint,
  stale_at    bigint,
  -- of a jump that was refused, until a value is taken
  halted_at   bigint,
  refused     numeric(78, 0)
);
select chain.track('oracle.feeds');
