-- Texts that are to be erased, as who staked with them first asked: from then on no stake with them is taken here, and once the markets
-- that they stood in have ended a sweep erases them and drops the row. Not fed by logs. `asked_at` by the chain's clock, as stakes are.
create table markets.erasures (
  sha256   text primary key,
  owner    text not null,
  asked_at bigint not null
);
create index erasures_by_time on markets.erasures (asked_at);
