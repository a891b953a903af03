-- Complete sets of yes and no of each outcome of a question. Fed by the logs of OutcomeTokens alone: dropping and replaying them gives
-- the same rows. The contract is another one than before, so nothing is lost with its predecessor's books.
drop table markets.outcome_sets;
create table markets.outcome_sets (
  -- the question with its lowest six bits cleared, which is the id of its first yes
  key          text primary key,
  -- tokens there are of either side, by outcome from 0 on
  yes          numeric(78, 0)[] not null,
  no           numeric(78, 0)[] not null,
  -- how many outcomes the question has; null: no conversion told it yet
  outcomes     integer,
  -- collateral, since the first log
  put_in       numeric(78, 0) not null,
  paid_out     numeric(78, 0) not null,
  -- bitmap of the outcomes whose yes is worth numerator / denominator; of all others it is worth nothing. Null: not settled
  winners      bigint,
  numerator    integer,
  denominator  integer,
  -- the last log that says what the `told_logs` right behind it are: a match of two orders, or a conversion
  told         text check (told in ('match', 'conversion')),
  told_block   bigint,
  told_log     integer,
  told_logs    integer
);
create index outcome_sets_by_money on markets.outcome_sets (put_in desc, key);
select chain.track('markets.outcome_sets');
