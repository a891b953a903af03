-- Orders on outcome tokens that people signed, as they handed them in. Not fed by logs: what became of one is asked of the chain
-- (`checked_block`), so a reorg changes no row but at the next look. Forgotten once they have expired.
create table markets.outcome_orders (
  -- EIP-712
  digest        text primary key,
  place         bigint generated always as identity,
  maker         text not null,
  question      text not null,
  outcome       integer not null,
  side          text not null check (side in ('buyYes', 'buyNo', 'sellYes', 'sellNo')),
  amount        numeric(39, 0) not null,
  -- millionths
  price         integer not null,
  nonce         numeric(78, 0) not null,
  expires_at    bigint not null,
  signature     text not null,
  -- no key's: a contract said that it is good, and is asked again
  by_contract   boolean not null,
  placed_at     bigint not null,
  -- as of `checked_block`: tokens that nobody matched yet, and how many of them the maker can pay or give
  left_         numeric(39, 0) not null,
  covered       numeric(39, 0) not null,
  checked_block bigint not null,
  -- since when it can not be matched at all; null: it can
  idle_since    bigint,
  -- until then the keeper matches it with none, since its last try failed; others may
  aside_until   bigint
);
create unique index outcome_orders_by_nonce on markets.outcome_orders (maker, nonce);
create index outcome_orders_by_book on markets.outcome_orders (question, outcome, place);
create index outcome_orders_by_check on markets.outcome_orders (checked_block, maker);
create index outcome_orders_by_expiry on markets.outcome_orders (expires_at);

-- The nonce that a maker's next order may have. Kept when his orders are forgotten.
create table markets.outcome_nonces (
  maker text primary key,
  next  numeric(78, 0) not null
);

-- Matches of two orders. Fed by the logs of OutcomeTokens alone.
create table markets.outcome_trades (
  block    bigint not null,
  log      integer not null,
  at       bigint not null,
  tx       text not null,
  question text not null,
  outcome  integer not null,
  taker    text not null,
  maker    text not null,
  side     text not null,
  amount   numeric(39, 0) not null,
  price    integer not null,
  primary key (block, log)
);
create index outcome_trades_by_question on markets.outcome_trades (question, block desc, log desc);
create index outcome_trades_by_maker on markets.outcome_trades (maker, block);
create index outcome_trades_by_taker on markets.outcome_trades (taker, block);
select chain.track('markets.outcome_trades');

-- What the keeper put into the outbox: so that it tries nothing twice, and nobody's orders again and again.
create table markets.outcome_matches (
  key          text primary key,
  taker_order  text not null,
  maker_order  text not null,
  taker        text not null,
  maker        text not null,
  at           bigint not null,
  -- whether what became of it was looked at
  done         boolean not null default false
);
create index outcome_matches_by_time on markets.outcome_matches (at);
