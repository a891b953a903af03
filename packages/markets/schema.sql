-- The schema markets after all migrations. Written by `npm run gen`: change the migrations instead.

-- functions

CREATE OR REPLACE FUNCTION markets.asked_words(said text)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select websearch_to_tsquery('pg_catalog.simple', said) || websearch_to_tsquery('pg_catalog.english', said)
    || websearch_to_tsquery('pg_catalog.german', said) || websearch_to_tsquery('pg_catalog.spanish', said)
$function$;

CREATE OR REPLACE FUNCTION markets.words_in(bytes bytea)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
begin
  return markets.words_of(convert_from(bytes, 'UTF8'));
exception when others then
  return null;
end $function$;

CREATE OR REPLACE FUNCTION markets.words_of(said text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select to_tsvector('pg_catalog.simple', said) || to_tsvector('pg_catalog.english', said)
    || to_tsvector('pg_catalog.german', said) || to_tsvector('pg_catalog.spanish', said)
$function$;

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

create table markets.advice (
  id bigint generated always as identity not null,
  asked text not null,
  who text,
  at timestamp with time zone default now() not null,
  said jsonb,
  constraint advice_pkey PRIMARY KEY (id)
);

create table markets.approvals (
  digest text not null,
  member text not null,
  market text not null,
  signature text not null,
  expires_at bigint not null,
  at bigint not null,
  constraint approvals_pkey PRIMARY KEY (digest, member)
);

create table markets.comments (
  id bigint generated always as identity not null,
  market text not null,
  parent bigint,
  author text not null,
  text text,
  at bigint not null,
  hidden_why text,
  constraint comments_pkey PRIMARY KEY (id)
);

create table markets.committee (
  number integer not null,
  members text[] not null,
  seated_at bigint not null,
  constraint committee_pkey PRIMARY KEY (number)
);

create table markets.contents (
  sha256 text not null,
  kind text not null,
  size integer not null,
  bytes bytea,
  signer text,
  at timestamp with time zone default now() not null,
  named boolean default false not null,
  words tsvector generated always as (
CASE
    WHEN (kind = 'opinion'::text) THEN markets.words_in(bytes)
    ELSE NULL::tsvector
END) stored,
  constraint contents_pkey PRIMARY KEY (sha256),
  constraint contents_kind_check CHECK ((kind = ANY (ARRAY['opinion'::text, 'sheet'::text])))
);

create table markets.digests (
  market text not null,
  points jsonb,
  model text,
  rules text,
  opinions integer default 0 not null,
  texts text[] default '{}'::text[] not null,
  failed integer default 0 not null,
  why text,
  tried_at timestamp with time zone default now() not null,
  next_at timestamp with time zone not null,
  constraint digests_pkey PRIMARY KEY (market)
);

create table markets.erasures (
  sha256 text not null,
  owner text not null,
  asked_at bigint not null,
  constraint erasures_pkey PRIMARY KEY (sha256)
);

create table markets.failed_phases (
  key text not null,
  market text not null,
  phase text not null,
  owner text,
  failures integer not null,
  give_up_at integer not null,
  again_block bigint,
  again_at bigint,
  constraint failed_phases_pkey PRIMARY KEY (key),
  constraint failed_phases_failures_check CHECK ((failures > 0))
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

create table markets.opened_stances (
  market text not null,
  owner text not null,
  commitment text not null,
  sealed text not null,
  band integer,
  salt text,
  constraint opened_stances_pkey PRIMARY KEY (market, owner, commitment, sealed)
);

create table markets.opinion_activity (
  block bigint not null,
  log integer not null,
  kind text not null,
  at bigint not null,
  tx text not null,
  market text not null,
  who text,
  band integer,
  amount numeric(78,0),
  constraint opinion_activity_pkey PRIMARY KEY (block, log)
);

create table markets.opinion_books (
  market text not null,
  staked numeric(78,0)[] not null,
  opinions integer[] not null,
  hidden numeric(78,0) not null,
  hidden_count integer not null,
  volume numeric(78,0) not null,
  count integer not null,
  due numeric(78,0) default 0 not null,
  due_count integer default 0 not null,
  constraint opinion_books_pkey PRIMARY KEY (market)
);

create table markets.opinion_markets (
  id text not null,
  chain_id integer not null,
  question text not null,
  statement_hash text not null,
  rubric text not null,
  creator text not null,
  closes_at bigint not null,
  reveal_seconds bigint not null,
  quiet_seconds bigint not null,
  fee_bps integer not null,
  prize_bps integer not null,
  prizes integer not null,
  min_confidence integer not null,
  rule text not null,
  least_stake numeric(78,0) not null,
  most_stake numeric(78,0) not null,
  quiet_most numeric(78,0) not null,
  statement text not null,
  search text not null,
  announced_at bigint not null,
  announced_block bigint not null,
  announced_log integer not null,
  announced_tx text not null,
  answer text not null,
  final_at bigint not null,
  ending text default 'none'::text not null,
  why text,
  ended_at bigint,
  ended_tx text,
  score integer,
  confidence integer,
  total numeric(78,0),
  count integer,
  facts numeric(78,0),
  round numeric(20,0),
  seed text,
  fee_paid boolean default false not null,
  words tsvector generated always as (markets.words_of(statement)) stored,
  constraint opinion_markets_pkey PRIMARY KEY (id),
  constraint opinion_markets_ending_check CHECK ((ending = ANY (ARRAY['none'::text, 'void'::text, 'scored'::text, 'undrawn'::text])))
);

create table markets.opinion_prizes (
  market text not null,
  prize integer not null,
  band integer not null,
  place numeric(78,0) not null,
  winner text not null,
  amount numeric(78,0) not null,
  paid_to text,
  constraint opinion_prizes_pkey PRIMARY KEY (market, prize)
);

create table markets.opinion_secrets (
  market text not null,
  owner text not null,
  commitment text not null,
  sealed text not null,
  constraint opinion_secrets_pkey PRIMARY KEY (market, owner)
);

create table markets.opinion_sweep (
  one boolean default true not null,
  owner text not null,
  market text not null,
  constraint opinion_sweep_pkey PRIMARY KEY (one),
  constraint opinion_sweep_one_check CHECK (one)
);

create table markets.opinions (
  market text not null,
  owner text not null,
  number integer not null,
  band integer,
  start numeric(78,0),
  amount numeric(78,0) not null,
  opinion text not null,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  paid numeric(78,0) default 0 not null,
  shared boolean default false not null,
  due numeric(78,0) default 0 not null,
  constraint opinions_pkey PRIMARY KEY (market, owner)
);

create table markets.outcome_makers_aside (
  maker text not null,
  until_ bigint not null,
  constraint outcome_makers_aside_pkey PRIMARY KEY (maker)
);

create table markets.outcome_matches (
  key text not null,
  taker_order text not null,
  maker_order text not null,
  taker text not null,
  maker text not null,
  at bigint not null,
  done boolean default false not null,
  constraint outcome_matches_pkey PRIMARY KEY (key)
);

create table markets.outcome_nonces (
  maker text not null,
  next numeric(78,0) not null,
  constraint outcome_nonces_pkey PRIMARY KEY (maker)
);

create table markets.outcome_orders (
  digest text not null,
  place bigint generated always as identity not null,
  maker text not null,
  question text not null,
  outcome integer not null,
  side text not null,
  amount numeric(39,0) not null,
  price integer not null,
  nonce numeric(78,0) not null,
  expires_at bigint not null,
  signature text not null,
  by_contract boolean not null,
  placed_at bigint not null,
  left_ numeric(39,0) not null,
  covered numeric(39,0) not null,
  checked_block bigint not null,
  idle_since bigint,
  aside_until bigint,
  dropped_at bigint,
  constraint outcome_orders_pkey PRIMARY KEY (digest),
  constraint outcome_orders_side_check CHECK ((side = ANY (ARRAY['buyYes'::text, 'buyNo'::text, 'sellYes'::text, 'sellNo'::text])))
);

create table markets.outcome_sets (
  key text not null,
  yes numeric(78,0)[] not null,
  no numeric(78,0)[] not null,
  outcomes integer,
  put_in numeric(78,0) not null,
  paid_out numeric(78,0) not null,
  winners bigint,
  numerator integer,
  denominator integer,
  told text,
  told_block bigint,
  told_log integer,
  told_logs integer,
  constraint outcome_sets_pkey PRIMARY KEY (key),
  constraint outcome_sets_told_check CHECK ((told = ANY (ARRAY['match'::text, 'conversion'::text])))
);

create table markets.outcome_trades (
  block bigint not null,
  log integer not null,
  at bigint not null,
  tx text not null,
  question text not null,
  outcome integer not null,
  taker text not null,
  maker text not null,
  side text not null,
  amount numeric(39,0) not null,
  price integer not null,
  constraint outcome_trades_pkey PRIMARY KEY (block, log)
);

create table markets.payment_retries (
  key text not null,
  market text not null,
  granted integer not null,
  changed_at timestamp with time zone default now() not null,
  constraint payment_retries_pkey PRIMARY KEY (key),
  constraint payment_retries_granted_check CHECK ((granted > 0))
);

create table markets.pins (
  sha256 text not null,
  target text not null,
  wanted boolean default true not null,
  state text default 'waiting'::text not null,
  request text,
  failed integer default 0 not null,
  error text,
  next_at timestamp with time zone default now() not null,
  constraint pins_pkey PRIMARY KEY (sha256, target),
  constraint pins_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'dead'::text]))),
  constraint pins_target_check CHECK ((target = ANY (ARRAY['ipfs'::text, 'service'::text])))
);

create table markets.position_sweep (
  one boolean default true not null,
  owner text not null,
  market text not null,
  outcome integer not null,
  constraint position_sweep_pkey PRIMARY KEY (one),
  constraint position_sweep_one_check CHECK (one)
);

create table markets.positions (
  market text not null,
  outcome integer not null,
  owner text not null,
  staked numeric(78,0) not null,
  paid numeric(78,0),
  constraint positions_pkey PRIMARY KEY (market, outcome, owner)
);

create table markets.reactions (
  comment bigint not null,
  who text not null,
  kind text not null,
  at bigint not null,
  constraint reactions_pkey PRIMARY KEY (comment, kind, who),
  constraint reactions_kind_check CHECK ((kind = ANY (ARRAY['agree'::text, 'disagree'::text, 'insightful'::text])))
);

create table markets.read_marks (
  wallet text not null,
  until bigint default 0 not null,
  off text[] default '{}'::text[] not null,
  constraint read_marks_pkey PRIMARY KEY (wallet)
);

create table markets.refused (
  market text not null,
  positions integer not null,
  again_at bigint not null,
  constraint refused_pkey PRIMARY KEY (market)
);

create table markets.relabellings (
  market text not null,
  asked_by text not null,
  asked_at bigint not null,
  taken_until timestamp with time zone,
  asked_of text not null,
  opinions integer not null,
  no_text integer not null,
  sheet text,
  code text,
  why text,
  constraint relabellings_pkey PRIMARY KEY (market)
);

create table markets.relayed (
  id text not null,
  outbox_key text not null,
  market text not null,
  owner text not null,
  nonce numeric(78,0) not null,
  created_at timestamp with time zone default now() not null,
  at bigint not null,
  amount numeric(78,0),
  constraint relayed_pkey PRIMARY KEY (id),
  constraint relayed_outbox_key_key UNIQUE (outbox_key)
);

create table markets.replacements (
  digest text not null,
  member text not null,
  number integer not null,
  members text[] not null,
  expires_at bigint not null,
  signature text not null,
  at bigint not null,
  constraint replacements_pkey PRIMARY KEY (digest, member)
);

create table markets.seeds (
  round numeric(20,0) not null,
  seed text not null,
  at bigint,
  constraint seeds_pkey PRIMARY KEY (round)
);

-- indexes

CREATE INDEX activity_by_market ON markets.activity USING btree (market, block DESC, log DESC);

CREATE INDEX activity_paid ON markets.activity USING btree (who, at DESC) WHERE (kind = ANY (ARRAY['claimed'::text, 'fee'::text]));

CREATE INDEX activity_staked_by ON markets.activity USING btree (who, market, outcome, block, log) WHERE (kind = 'staked'::text);

CREATE INDEX activity_stakes ON markets.activity USING btree (market, stake_no) WHERE (kind = 'staked'::text);

CREATE INDEX advice_by_asked ON markets.advice USING btree (asked);

CREATE INDEX advice_by_time ON markets.advice USING btree (at);

CREATE INDEX approvals_by_expiry ON markets.approvals USING btree (expires_at);

CREATE INDEX approvals_by_market ON markets.approvals USING btree (market);

CREATE INDEX comments_by_author ON markets.comments USING btree (author, id DESC);

CREATE INDEX comments_by_market ON markets.comments USING btree (market, id DESC) WHERE (parent IS NULL);

CREATE INDEX comments_by_parent ON markets.comments USING btree (parent, id) WHERE (parent IS NOT NULL);

CREATE INDEX comments_by_time ON markets.comments USING btree (market, at);

CREATE INDEX contents_by_time ON markets.contents USING btree (at);

CREATE INDEX contents_by_words ON markets.contents USING gin (words) WITH (fastupdate=off) WHERE (words IS NOT NULL);

CREATE INDEX contents_unnamed ON markets.contents USING btree (at) WHERE ((kind = 'opinion'::text) AND (bytes IS NOT NULL) AND (NOT named));

CREATE INDEX digests_by_texts ON markets.digests USING gin (texts);

CREATE INDEX digests_by_try ON markets.digests USING btree (tried_at);

CREATE INDEX erasures_by_time ON markets.erasures USING btree (asked_at);

CREATE INDEX failed_phases_by_market ON markets.failed_phases USING btree (market);

CREATE INDEX markets_by_closing ON markets.markets USING btree (closes_at, id);

CREATE INDEX markets_by_end ON markets.markets USING btree (ends_at);

CREATE INDEX markets_by_opening ON markets.markets USING btree (opened_block DESC, opened_log DESC);

CREATE INDEX markets_by_question ON markets.markets USING btree (question);

CREATE INDEX markets_by_text ON markets.markets USING gin (search gin_trgm_ops);

CREATE INDEX markets_by_volume ON markets.markets USING btree (volume DESC, id);

CREATE INDEX markets_owing ON markets.markets USING btree (ends_at) WHERE ((unclaimed > 0) OR (fee_due IS NOT NULL));

CREATE INDEX opinion_activity_by_market ON markets.opinion_activity USING btree (market, block DESC, log DESC);

CREATE INDEX opinion_activity_paid ON markets.opinion_activity USING btree (who, at DESC) WHERE (kind = ANY (ARRAY['claimed'::text, 'prize'::text, 'fee'::text]));

CREATE INDEX opinion_books_by_volume ON markets.opinion_books USING btree (volume DESC, market);

CREATE INDEX opinion_books_due ON markets.opinion_books USING btree (market) WHERE (due_count > 0);

CREATE INDEX opinion_markets_by_announcing ON markets.opinion_markets USING btree (announced_block DESC, announced_log DESC);

CREATE INDEX opinion_markets_by_closing ON markets.opinion_markets USING btree (closes_at, id);

CREATE INDEX opinion_markets_by_end ON markets.opinion_markets USING btree (ended_at DESC, id DESC) WHERE (ended_at IS NOT NULL);

CREATE UNIQUE INDEX opinion_markets_by_question ON markets.opinion_markets USING btree (question);

CREATE INDEX opinion_markets_by_reveal_end ON markets.opinion_markets USING btree (((closes_at + reveal_seconds)));

CREATE INDEX opinion_markets_by_round ON markets.opinion_markets USING btree (round) WHERE (seed IS NULL);

CREATE INDEX opinion_markets_by_text ON markets.opinion_markets USING gin (search gin_trgm_ops);

CREATE INDEX opinion_markets_by_words ON markets.opinion_markets USING gin (words) WITH (fastupdate=off);

CREATE INDEX opinion_markets_fee_open ON markets.opinion_markets USING btree (id) WHERE ((ending <> 'void'::text) AND (NOT fee_paid) AND ((total * (fee_bps)::numeric) >= (10000)::numeric));

CREATE INDEX opinion_markets_unscored ON markets.opinion_markets USING btree (final_at) WHERE (ending = 'none'::text);

CREATE INDEX opinion_prizes_by_winner ON markets.opinion_prizes USING btree (winner, market);

CREATE INDEX opinion_prizes_unpaid ON markets.opinion_prizes USING btree (market, prize) WHERE (paid_to IS NULL);

CREATE INDEX opinions_by_amount ON markets.opinions USING btree (market, amount DESC, number);

CREATE INDEX opinions_by_holder ON markets.opinions USING btree (owner, market);

CREATE UNIQUE INDEX opinions_by_number ON markets.opinions USING btree (market, number DESC);

CREATE INDEX opinions_by_owner ON markets.opinions USING btree (owner, block DESC, log DESC);

CREATE INDEX opinions_by_text ON markets.opinions USING btree (opinion, owner);

CREATE INDEX opinions_due ON markets.opinions USING btree (market, number) WHERE (due > (0)::numeric);

CREATE INDEX outcome_matches_by_time ON markets.outcome_matches USING btree (at);

CREATE INDEX outcome_orders_by_book ON markets.outcome_orders USING btree (question, outcome, place);

CREATE INDEX outcome_orders_by_check ON markets.outcome_orders USING btree (checked_block, maker);

CREATE INDEX outcome_orders_by_expiry ON markets.outcome_orders USING btree (expires_at);

CREATE UNIQUE INDEX outcome_orders_by_nonce ON markets.outcome_orders USING btree (maker, nonce);

CREATE INDEX outcome_orders_dropped ON markets.outcome_orders USING btree (dropped_at) WHERE (dropped_at IS NOT NULL);

CREATE INDEX outcome_sets_by_money ON markets.outcome_sets USING btree (put_in DESC, key);

CREATE INDEX outcome_trades_by_maker ON markets.outcome_trades USING btree (maker, block);

CREATE INDEX outcome_trades_by_question ON markets.outcome_trades USING btree (question, block DESC, log DESC);

CREATE INDEX outcome_trades_by_taker ON markets.outcome_trades USING btree (taker, block);

CREATE INDEX payment_retries_by_market ON markets.payment_retries USING btree (market);

CREATE INDEX pins_waiting ON markets.pins USING btree (next_at) WHERE (state = 'waiting'::text);

CREATE INDEX positions_by_owner ON markets.positions USING btree (owner, market);

CREATE INDEX positions_unclaimed ON markets.positions USING btree (market, outcome) WHERE (paid IS NULL);

CREATE INDEX reactions_by_who ON markets.reactions USING btree (who, at);

CREATE INDEX relayed_by_age ON markets.relayed USING btree (at);

CREATE INDEX relayed_by_market ON markets.relayed USING btree (market) WHERE (amount IS NOT NULL);

CREATE INDEX relayed_by_owner ON markets.relayed USING btree (owner, nonce);

CREATE INDEX relayed_by_time ON markets.relayed USING btree (owner, created_at);

CREATE INDEX replacements_by_expiry ON markets.replacements USING btree (expires_at);

CREATE INDEX replacements_by_number ON markets.replacements USING btree (number);

-- triggers

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.activity FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.committee FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('number');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.markets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinion_activity FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinion_books FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinion_markets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinion_prizes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market', 'prize');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinion_secrets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market', 'owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.opinions FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market', 'owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.outcome_sets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('key');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.outcome_trades FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.positions FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('market', 'outcome', 'owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON markets.seeds FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('round');
