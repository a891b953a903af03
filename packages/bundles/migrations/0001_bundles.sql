-- Fed by logs, but for the two tables at the end. Chains are followed by themselves, and a reorg puts whole rows back: so every row is
-- written by the logs of one chain alone, and what a bundle has come to is put together by whoever reads.
create table bundles.bundles (
  id           text primary key,
  chain_id     bigint not null,
  owner        text not null,
  mode         text not null check (mode in ('ordered', 'escrowed')),
  legs         integer not null,
  deadline     bigint not null,
  legs_hash    text not null,
  -- as signed, and with what was added since
  signed_fee   numeric(78, 0) not null,
  fee          numeric(78, 0) not null,
  salt         numeric(78, 0) not null,
  -- ordinal of the first leg
  base         numeric(20, 0) not null,
  -- as logged, when they were and are what the header hashes; else null: private, or not known
  payloads     jsonb,
  opened_at    bigint not null,
  opened_block bigint not null,
  opened_log   integer not null,
  opened_tx    text not null,
  outcome      text not null default 'open' check (outcome in ('open', 'committed', 'aborted')),
  decided_at   bigint,
  decided_tx   text,
  -- what the owner took back of the fee in the end
  reclaimed    numeric(78, 0)
);
create index bundles_by_opening on bundles.bundles (opened_block desc, opened_log desc);
create index bundles_by_owner on bundles.bundles (owner, opened_block desc, opened_log desc);
create index bundles_by_base on bundles.bundles (base);
create index bundles_open on bundles.bundles (deadline) where outcome = 'open';

-- Shares of a decided bundle's fee that went out.
create table bundles.shares (
  bundle       text not null,
  place        integer not null,
  -- null: it went to the owner
  relayer      text,
  amount       numeric(78, 0) not null,
  epoch        integer not null,
  to_attesters numeric(78, 0) not null,
  tx           text not null,
  primary key (bundle, place)
);

-- What became of a leg, by its ordinal. The escrow speaks of escrowed bundles, the settler of all others.
create table bundles.receipts (
  chain_id bigint not null,
  ordinal  numeric(20, 0) not null,
  by       text not null check (by in ('settler', 'escrow')),
  status   text not null,
  result   text not null,
  relayer  text not null,
  block    bigint not null,
  log      integer not null,
  at       bigint not null,
  tx       text not null,
  primary key (chain_id, ordinal, by)
);
create index receipts_by_ordinal on bundles.receipts (ordinal);
create index receipts_by_transaction on bundles.receipts (chain_id, tx);

create table bundles.returned (
  chain_id bigint not null,
  ordinal  numeric(20, 0) not null,
  data     text not null,
  primary key (chain_id, ordinal)
);
create index returned_by_ordinal on bundles.returned (ordinal);

-- Legs that were brought and left alone, or compensations that failed: how often, and what was said last.
create table bundles.tries (
  chain_id bigint not null,
  ordinal  numeric(20, 0) not null,
  failures integer not null default 0,
  skips    integer not null default 0,
  -- why it was left alone last
  wait     text,
  at       bigint not null,
  tx       text not null,
  primary key (chain_id, ordinal)
);
create index tries_by_ordinal on bundles.tries (ordinal);

-- Slots of escrows, under the id: they may be filled before the hub knows of the bundle.
create table bundles.held (
  chain_id    bigint not null,
  bundle      text not null,
  place       integer not null,
  leg         text not null,
  state       text not null check (state in ('held', 'paid', 'given_back', 'taken_back')),
  -- how often a participant failed to finish
  failures    integer not null default 0,
  prepared_at bigint not null,
  prepared_tx text not null,
  block       bigint not null,
  at          bigint not null,
  tx          text not null,
  primary key (chain_id, bundle, place)
);
create index held_by_bundle on bundles.held (bundle);

create table bundles.pauses (
  chain_id bigint not null,
  contract text not null check (contract in ('hub', 'settler', 'escrow')),
  until    bigint not null,
  primary key (chain_id, contract)
);

-- Targets that failed again and again: shared legs wait.
create table bundles.rests (
  chain_id bigint not null,
  target   text not null,
  until    bigint not null,
  primary key (chain_id, target)
);

-- Who attests, as each chain knows it.
create table bundles.attester_sets (
  chain_id     bigint not null,
  epoch        integer not null,
  total_weight numeric(78, 0) not null,
  -- addresses in the order of their seats, and their weights
  seats        text[] not null,
  weights      numeric(78, 0)[] not null,
  seated_at    bigint not null,
  renewed_at   bigint not null,
  primary key (chain_id, epoch)
);

select chain.track('bundles.bundles');
select chain.track('bundles.shares');
select chain.track('bundles.receipts');
select chain.track('bundles.returned');
select chain.track('bundles.tries');
select chain.track('bundles.held');
select chain.track('bundles.pauses');
select chain.track('bundles.rests');
select chain.track('bundles.attester_sets');

-- What owners handed over. Not fed by logs: it is checked against the hash that they signed, and lost with the database.
create table bundles.payloads (
  bundle      text primary key,
  header      jsonb not null,
  hashes      text[] not null,
  legs        jsonb not null,
  -- shown to relayers alone, each leg until it ran
  private     boolean not null,
  -- of the owner: with it anybody may open the bundle; null when he opens it himself
  signature   text,
  received_at timestamptz not null default now()
);
create index payloads_to_open on bundles.payloads (received_at) where signature is not null;

-- Signatures of those who pay what an escrow holds, so that a relayer may bring it.
create table bundles.payers (
  bundle      text not null,
  place       integer not null,
  payer       text not null,
  signature   text not null,
  -- lets the escrow take the token; null: it may already
  permit      jsonb,
  received_at timestamptz not null default now(),
  primary key (bundle, place)
);
