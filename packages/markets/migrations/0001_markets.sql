-- Fed by logs alone: dropping and replaying them gives the same rows. Only markets.relayed and markets.refused are not.
-- A trusted extension: whoever owns the database may create it.
create extension if not exists pg_trgm with schema public;

create table markets.markets (
  id           text primary key,
  chain_id     integer not null,
  -- the terms, as the contract hashes them
  question     text not null,
  creator      text not null,
  closes_at    bigint not null,
  fee_bps      integer not null,
  outcomes     integer not null,
  cuts         numeric(78, 0)[] not null,
  -- of the question, which never changes
  kind         text not null,
  title        text not null,
  labels       text[] not null,
  -- title and labels, folded: what a search looks through
  search       text not null,
  opened_at    bigint not null,
  opened_block bigint not null,
  opened_log   integer not null,
  opened_tx    text not null,
  -- sums over the stakes
  pools        numeric(78, 0)[] not null,
  volume       numeric(78, 0) not null default 0,
  stakers      integer not null default 0,
  stakes       integer not null default 0,
  -- how it ends, as far as that is known: void from right after the question's deadline unless answered before
  answered     boolean not null default false,
  ends_at      bigint not null,
  winner       integer,
  -- null: none, or collected already
  fee_due      numeric(78, 0),
  -- positions that will have something to claim: all while it may be void, the winner's once answered
  unclaimed    integer not null default 0
);
create index markets_by_opening on markets.markets (opened_block desc, opened_log desc);
create index markets_by_volume on markets.markets (volume desc, id);
create index markets_by_closing on markets.markets (closes_at, id);
create index markets_by_question on markets.markets (question);
create index markets_by_end on markets.markets (ends_at);
-- What the keeper looks at after every block: only markets that still owe something.
create index markets_owing on markets.markets (ends_at) where unclaimed > 0 or fee_due is not null;
create index markets_by_text on markets.markets using gin (search public.gin_trgm_ops);

create table markets.positions (
  market  text not null,
  outcome integer not null,
  owner   text not null,
  staked  numeric(78, 0) not null,
  -- null until claimed; a stake back is a payment too
  paid    numeric(78, 0),
  primary key (market, outcome, owner)
);
create index positions_by_owner on markets.positions (owner, market);
create index positions_unclaimed on markets.positions (market, outcome) where paid is null;

-- What happened, one row a log, never changed.
create table markets.activity (
  block    bigint not null,
  log      integer not null,
  kind     text not null check (kind in ('opened', 'staked', 'claimed', 'fee')),
  at       bigint not null,
  tx       text not null,
  market   text not null,
  question text not null,
  who      text not null,
  outcome  integer,
  amount   numeric(78, 0),
  -- counts a market's stakes from 1, so that a chart can thin them out evenly
  stake_no integer,
  primary key (block, log)
);
create index activity_by_market on markets.activity (market, block desc, log desc);
create index activity_stakes on markets.activity (market, stake_no) where kind = 'staked';

select chain.track('markets.markets');
select chain.track('markets.positions');
select chain.track('markets.activity');

-- Stakes that the platform sends for their owners. Not fed by logs.
create table markets.relayed (
  -- of the outbox: live events name it
  id         text primary key,
  -- holds the hash of the call: the same intent, signature and permit are the same relay
  outbox_key text not null unique,
  market     text not null,
  owner      text not null,
  nonce      numeric(78, 0) not null,
  created_at timestamptz not null default now()
);
create index relayed_by_owner on markets.relayed (owner, nonce);
create index relayed_by_time on markets.relayed (owner, created_at);

-- Markets that owe only what the collateral refuses to pay: the keeper leaves them alone for a while. Not fed by logs.
create table markets.refused (
  market    text primary key,
  positions integer not null,
  -- chain time from which the keeper looks again
  again_at  bigint not null
);
