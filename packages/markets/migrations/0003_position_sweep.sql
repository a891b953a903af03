-- How far the positions of those who judge were looked at: the next block goes on behind it. Lost, it begins anew.
create table markets.position_sweep (
  one     boolean primary key default true check (one),
  owner   text not null,
  market  text not null,
  outcome integer not null
);
