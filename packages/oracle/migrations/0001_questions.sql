-- Fed by the oracle's logs alone: dropping and replaying them gives the same rows.
create table oracle.questions (
  id             text primary key,
  chain_id       integer not null,
  -- the terms, as the contract hashes them
  asker          text not null,
  schema_hash    text not null,
  aggregation    text not null check (aggregation in ('plurality', 'median')),
  min_value      numeric(78, 0) not null,
  max_value      numeric(78, 0) not null,
  tolerance      numeric(78, 0) not null,
  opens_at       bigint not null,
  deadline       bigint not null,
  liveness       bigint not null,
  reward         numeric(78, 0) not null,
  nonce          numeric(78, 0) not null,
  -- what was logged, or a stand-in when that cannot be acted on: then `fault` says why
  schema         jsonb not null,
  fault          text,
  asked_at       bigint not null,
  asked_block    bigint not null,
  asked_log      integer not null,
  asked_tx       text not null,
  -- the stored word
  state          text not null default 'open' check (state in ('open', 'answered')),
  round          integer not null default 0,
  not_before     bigint not null,
  value          numeric(78, 0),
  finalize_at    bigint,
  confidence     integer,
  seats          bigint,
  epoch          bigint,
  report         text,
  answered_at    bigint,
  answered_block bigint,
  answered_log   integer,
  answered_tx    text,
  reward_settled boolean not null default false,
  refunded       boolean,
  per_provider   numeric(78, 0),
  to_treasury    numeric(78, 0),
  settled_at     bigint,
  settled_block  bigint,
  settled_log    integer,
  settled_tx     text
);
create index questions_by_asking on oracle.questions (asked_block desc, asked_log desc);
create index questions_by_answer on oracle.questions (answered_block desc, answered_log desc) where state = 'answered';
create index questions_by_settlement on oracle.questions (settled_block desc, settled_log desc) where reward_settled;
create index questions_by_asker on oracle.questions (asker);
-- The sweep looks at these after every block, so they hold only what may still need a transaction.
create index questions_to_answer on oracle.questions (not_before, deadline) where state = 'open';
create index questions_to_settle on oracle.questions (coalesce(finalize_at, deadline + 1)) where not reward_settled and reward > 0;

create table oracle.reopenings (
  question   text not null,
  round      integer not null,
  epoch      bigint not null,
  not_before bigint not null,
  seats      bigint not null,
  signatures text not null,
  at         bigint not null,
  block      bigint not null,
  log        integer not null,
  tx         text not null,
  primary key (question, round)
);
create index reopenings_by_block on oracle.reopenings (block desc, log desc);

select chain.track('oracle.questions');
select chain.track('oracle.reopenings');
