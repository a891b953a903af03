-- Complete sets of yes and no on questions. Fed by the logs of OutcomeTokens alone: dropping and replaying them gives the same rows.
create table markets.outcome_sets (
  -- the question with its lowest bit cleared, which is the id of its yes
  pair          text primary key,
  -- tokens there are of either side
  yes           numeric(78, 0) not null,
  no            numeric(78, 0) not null,
  -- collateral, since the first log
  put_in        numeric(78, 0) not null,
  paid_out      numeric(78, 0) not null,
  -- what a unit of yes is worth; null: nobody has settled it
  yes_bps       integer,
  -- the last match of two orders: the logs right behind it are its own
  matched_block bigint,
  matched_log   integer
);
create index outcome_sets_by_money on markets.outcome_sets (put_in desc, pair);
select chain.track('markets.outcome_sets');
