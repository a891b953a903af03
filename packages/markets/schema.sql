-- The schema markets after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create table markets.activity (
  block bigint not null,
  log integer not null,
  kind text not null,
  at bigint not null,
  tx text not null,
  market text not null,
  question text not null,
  who text not null,
  outcome integer,
  amount numeric(78,0),
  stake_no integer,
  constraint activity_pkey PRIMARY KEY (block, log),
  constraint activity_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'staked'::text, 'claimed'::text, 'fee'::text])))
);

create table markets.markets (
  id text not null,
  chain_id integer not null,
  question text not null,
  creator text not null,
  closes_at bigint not null,
  fee_bps integer not null,
  outcomes integer not null,
  cuts numeric(78,0)[] not null,
  kind text not null,
  title text not null,
  labels text[] not null,
  search text not null,
  opened_at bigint not null,
  opened_block bigint not null,
  opened_log integer not null,
  opened_tx text not null,
  pools numeric(78,0)[] not null,
  volume numeric(78,0) default 0 not null,
  stakers integer default 0 not null,
  stakes integer default 0 not null,
  answered boolean default false not null,
  ends_at bigint not null,
  winner integer,
  fee_due numeric(78,0),
  unclaimed integer default 0 not null,
  constraint markets_pkey PRIMARY KEY (id)
);

create table markets.positions (
  market text not null,
  outcome integer not null,
  owner text not null,
  staked numeric(78,0) not null,
  paid numeric(78,0),
  constraint positions_pkey PRIMARY KEY (market, outcome, owner)
);

create table markets.refused (
  market text not null,
  positions integer not null,
  again_at bigint not null,
  constraint refused_pkey PRIMARY KEY (market)
);

create table markets.relayed (
  id text not null,
  outbox_key text not null,
  market text not null,
  owner text not null,
  nonce numeric(78,0) not null,
  created_at timestamp with time zone default now() not null,
  at bigint not null,
  constraint relayed_pkey PRIMARY KEY (id),
  constraint relayed_outbox_key_key UNIQUE (outbox_key)
);

-- indexes

CREATE INDEX activity_by_market ON markets.activity USING btree (market, block DESC, log DESC);

CREATE INDEX activity_stakes ON markets.activity USING btree (market, stake_no) WHERE (kind = 'staked'::text);

CREATE INDEX markets_by_closing ON markets.markets USING btree (closes_at, id);

CREATE INDEX markets_by_end ON markets.markets USING btree (ends_at);

CREATE INDEX markets_by_opening ON markets.markets USING btree (opened_block DESC, opened_log DESC);

CREATE INDEX markets_by_question ON markets.markets USING btree (question);

CREATE INDEX markets_by_text ON markets.markets USING gin (search gin_trgm_ops);

CREATE INDEX markets_by_volume ON markets.markets USING btree (volume DESC, id);

CREATE INDEX markets_owing ON markets.markets USING btree (ends_at) WHERE ((unclaimed > 0) OR (fee_due IS NOT NULL));

CREATE INDEX positions_by_owner ON markets.positions USING btree (owner, market);

CREATE INDEX positions_unclaimed ON markets.positions USING btree (market, outcome) WHERE (paid IS NULL);

CREATE INDEX relayed_by_age ON markets.relayed USING btree (at);

CREATE INDEX relayed_by_owner ON markets.relayed USING btree (owner, nonce);

CREATE INDEX relayed_by_time ON markets.relayed USING btree (owner, created_at);

-- triggers

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.activity FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.markets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.positions FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market', 'outcome', 'owner');
