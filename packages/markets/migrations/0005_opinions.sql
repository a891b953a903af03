-- Opinion markets. Fed by logs alone: dropping and replaying them gives the same rows. Only markets.entrusted is not.
create table markets.opinion_markets (
  id             text primary key,
  chain_id       integer not null,
  -- the terms, as the contract hashes them
  question       text not null,
  statement_hash text not null,
  rubric         text not null,
  creator        text not null,
  closes_at      bigint not null,
  reveal_seconds bigint not null,
  quiet_seconds  bigint not null,
  fee_bps        integer not null,
  prize_bps      integer not null,
  prizes         integer not null,
  min_confidence integer not null,
  rule           text not null,
  least_stake    numeric(78, 0) not null,
  most_stake     numeric(78, 0) not null,
  quiet_most     numeric(78, 0) not null,
  statement      text not null,
  -- the statement, folded: what a search for a part of a word looks through
  search         text not null,
  announced_at    bigint not null,
  announced_block bigint not null,
  announced_log   integer not null,
  announced_tx    text not null,
  -- what the oracle says: open, answered or disputed, and from when on it may be scored
  answer         text not null,
  final_at       bigint not null,
  -- how the contract ended it
  ending         text not null default 'none' check (ending in ('none', 'void', 'scored', 'undrawn')),
  why            text,
  ended_at       bigint,
  ended_tx       text,
  score          integer,
  confidence     integer,
  total          numeric(78, 0),
  count          integer,
  facts          numeric(78, 0),
  -- of the beacon, that draws; null: none is named, or it is not proved
  round          numeric(20, 0),
  seed           text,
  fee_paid       boolean not null default false
);
create index opinion_markets_by_announcing on markets.opinion_markets (announced_block desc, announced_log desc);
create index opinion_markets_by_closing on markets.opinion_markets (closes_at, id);
create unique index opinion_markets_by_question on markets.opinion_markets (question);
create index opinion_markets_by_round on markets.opinion_markets (round) where seed is null;
create index opinion_markets_unscored on markets.opinion_markets (final_at) where ending = 'none';
create index opinion_markets_by_text on markets.opinion_markets using gin (search public.gin_trgm_ops);
create index opinion_markets_by_words on markets.opinion_markets using gin (to_tsvector('english', statement));

-- What is staked, also on terms that nobody announced, or not yet.
create table markets.opinion_books (
  market       text primary key,
  -- of 21 bands
  staked       numeric(78, 0)[] not null,
  opinions     integer[] not null,
  hidden       numeric(78, 0) not null,
  hidden_count integer not null,
  volume       numeric(78, 0) not null,
  count        integer not null,
  -- what claims may still take, and how many of them
  due          numeric(78, 0) not null default 0,
  due_count    integer not null default 0
);
create index opinion_books_by_volume on markets.opinion_books (volume desc, market);
create index opinion_books_due on markets.opinion_books (market) where due_count > 0;

create table markets.opinions (
  market  text not null,
  owner   text not null,
  -- counts a market's opinions from 1
  number  integer not null,
  -- null while it is hidden
  band    integer,
  start   numeric(78, 0),
  amount  numeric(78, 0) not null,
  opinion text not null,
  at      bigint not null,
  block   bigint not null,
  log     integer not null,
  tx      text not null,
  paid    numeric(78, 0) not null default 0,
  -- had its part of prizes that were never drawn
  shared  boolean not null default false,
  due     numeric(78, 0) not null default 0,
  primary key (market, owner)
);
create unique index opinions_by_number on markets.opinions (market, number desc);
create index opinions_by_amount on markets.opinions (market, amount desc, number);
create index opinions_by_owner on markets.opinions (owner, block desc, log desc);
create index opinions_due on markets.opinions (market, number) where due > 0;

-- Of stances that are hidden.
create table markets.opinion_secrets (
  market     text not null,
  owner      text not null,
  commitment text not null,
  sealed     text not null,
  primary key (market, owner)
);

-- What was drawn; there once the round is proved.
create table markets.opinion_prizes (
  market  text not null,
  prize   integer not null,
  band    integer not null,
  place   numeric(78, 0) not null,
  winner  text not null,
  amount  numeric(78, 0) not null,
  paid_to text,
  primary key (market, prize)
);
create index opinion_prizes_by_winner on markets.opinion_prizes (winner, market);
create index opinion_prizes_unpaid on markets.opinion_prizes (market, prize) where paid_to is null;

-- Rounds of the beacon that were proved.
create table markets.seeds (
  round numeric(20, 0) primary key,
  seed  text not null
);

-- What happened, one row a log, never changed.
create table markets.opinion_activity (
  block  bigint not null,
  log    integer not null,
  kind   text not null,
  at     bigint not null,
  tx     text not null,
  market text not null,
  who    text,
  band   integer,
  amount numeric(78, 0),
  primary key (block, log)
);
create index opinion_activity_by_market on markets.opinion_activity (market, block desc, log desc);

select chain.track('markets.opinion_markets');
select chain.track('markets.opinion_books');
select chain.track('markets.opinions');
select chain.track('markets.opinion_secrets');
select chain.track('markets.opinion_prizes');
select chain.track('markets.seeds');
select chain.track('markets.opinion_activity');

-- Hidden stances that their owners left here, to be told once the market is closed. Not fed by logs.
create table markets.entrusted (
  market text not null,
  owner  text not null,
  band   integer not null,
  salt   text not null,
  primary key (market, owner)
);
