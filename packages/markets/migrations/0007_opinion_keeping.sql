-- How far the opinions of those who judge were looked at: the next block goes on behind it. Lost, it begins anew.
create table markets.opinion_sweep (
  one    boolean primary key default true check (one),
  owner  text not null,
  market text not null
);
create index opinions_by_holder on markets.opinions (owner, market);
-- Settled markets by time, for histories and figures of the last day.
create index opinion_markets_by_end on markets.opinion_markets (ended_at desc, id desc) where ended_at is not null;
