-- Up to when a wallet has read its notifications, and which kinds it does not want. All else about them follows from other rows.
-- Not fed by logs: told by whoever was signed in. By the chain's clock, in unix seconds.
create table markets.read_marks (
  wallet text primary key,
  until  bigint not null default 0,
  off    text[] not null default '{}'
);
create index activity_paid on markets.activity (who, at desc) where kind in ('claimed', 'fee');
create index opinion_activity_paid on markets.opinion_activity (who, at desc) where kind in ('claimed', 'prize', 'fee');
