-- The schema bundles after all migrations. Written by `npm run gen`: change the migrations instead.

-- functions

CREATE OR REPLACE FUNCTION bundles.payers_of(legs jsonb)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(distinct '0x' || lower(substr(leg ->> 'data', 27, 40))), '{}')
  from jsonb_array_elements(case when jsonb_typeof(legs) = 'array' then legs else '[]' end) leg
  where leg ->> 'kind' = 'escrow' and length(leg ->> 'data') = 130
$function$;

-- tables

create table bundles.attestations (
  kind text not null,
  subject text not null,
  epoch integer not null,
  content text not null,
  signers text[] not null,
  at bigint not null,
  constraint attestations_pkey PRIMARY KEY (kind, subject, epoch)
);

create table bundles.attester_sets (
  chain_id bigint not null,
  epoch integer not null,
  total_weight numeric(78,0) not null,
  seats text[] not null,
  weights numeric(78,0)[] not null,
  seated_at bigint not null,
  renewed_at bigint not null,
  constraint attester_sets_pkey PRIMARY KEY (chain_id, epoch)
);

create table bundles.bundles (
  id text not null,
  chain_id bigint not null,
  owner text not null,
  mode text not null,
  legs integer not null,
  deadline bigint not null,
  legs_hash text not null,
  signed_fee numeric(78,0) not null,
  fee numeric(78,0) not null,
  salt numeric(78,0) not null,
  base numeric(20,0) not null,
  payloads jsonb,
  opened_at bigint not null,
  opened_block bigint not null,
  opened_log integer not null,
  opened_tx text not null,
  outcome text default 'open'::text not null,
  decided_at bigint,
  decided_tx text,
  reclaimed numeric(78,0),
  constraint bundles_pkey PRIMARY KEY (id),
  constraint bundles_mode_check CHECK ((mode = ANY (ARRAY['ordered'::text, 'escrowed'::text]))),
  constraint bundles_outcome_check CHECK ((outcome = ANY (ARRAY['open'::text, 'committed'::text, 'aborted'::text])))
);

create table bundles.calldata_read (
  chain_id bigint not null,
  number bigint not null,
  hash text not null,
  constraint calldata_read_pkey PRIMARY KEY (chain_id)
);

create table bundles.faults (
  signer text not null,
  kind text not null,
  subject text not null,
  how text not null,
  batch bigint not null,
  place integer not null,
  other_batch bigint,
  other_place integer,
  shown text,
  found_at timestamp with time zone default now() not null,
  state text default 'found'::text not null,
  why text,
  tried_at timestamp with time zone,
  constraint faults_pkey PRIMARY KEY (signer, kind, subject),
  constraint faults_batch_fkey FOREIGN KEY (batch) REFERENCES bundles.signed_batches(id),
  constraint faults_how_check CHECK ((how = ANY (ARRAY['conflict'::text, 'false'::text, 'unproven'::text]))),
  constraint faults_other_batch_fkey FOREIGN KEY (other_batch) REFERENCES bundles.signed_batches(id),
  constraint faults_state_check CHECK ((state = ANY (ARRAY['found'::text, 'sent'::text, 'punished'::text, 'refused'::text])))
);

create table bundles.held (
  chain_id bigint not null,
  bundle text not null,
  place integer not null,
  leg text not null,
  state text not null,
  failures integer default 0 not null,
  prepared_at bigint not null,
  prepared_tx text not null,
  block bigint not null,
  at bigint not null,
  tx text not null,
  constraint held_pkey PRIMARY KEY (chain_id, bundle, place),
  constraint held_state_check CHECK ((state = ANY (ARRAY['held'::text, 'paid'::text, 'given_back'::text, 'taken_back'::text])))
);

create table bundles.lanes (
  chain_id bigint not null,
  other_id bigint not null,
  token text not null,
  per_hour numeric(78,0) not null,
  strict_until bigint not null,
  constraint lanes_pkey PRIMARY KEY (chain_id, other_id, token)
);

create table bundles.openings_tried (
  bundle text not null,
  tries integer not null,
  refused integer not null,
  due_at timestamp with time zone not null,
  owed_since timestamp with time zone,
  constraint openings_tried_pkey PRIMARY KEY (bundle),
  constraint openings_tried_bundle_fkey FOREIGN KEY (bundle) REFERENCES bundles.payloads(bundle) ON DELETE CASCADE
);

create table bundles.pauses (
  chain_id bigint not null,
  contract text not null,
  until bigint not null,
  constraint pauses_pkey PRIMARY KEY (chain_id, contract),
  constraint pauses_contract_check CHECK ((contract = ANY (ARRAY['hub'::text, 'settler'::text, 'escrow'::text])))
);

create table bundles.payers (
  bundle text not null,
  place integer not null,
  payer text not null,
  signature text not null,
  permit jsonb,
  received_at timestamp with time zone default now() not null,
  constraint payers_pkey PRIMARY KEY (bundle, place)
);

create table bundles.payloads (
  bundle text not null,
  header jsonb not null,
  hashes text[] not null,
  legs jsonb not null,
  private boolean not null,
  signature text,
  received_at timestamp with time zone default now() not null,
  constraint payloads_pkey PRIMARY KEY (bundle)
);

create table bundles.receipts (
  chain_id bigint not null,
  ordinal numeric(20,0) not null,
  by text not null,
  status text not null,
  result text not null,
  relayer text not null,
  block bigint not null,
  log integer not null,
  at bigint not null,
  tx text not null,
  constraint receipts_pkey PRIMARY KEY (chain_id, ordinal, by),
  constraint receipts_by_check CHECK ((by = ANY (ARRAY['settler'::text, 'escrow'::text])))
);

create table bundles.rests (
  chain_id bigint not null,
  target text not null,
  until bigint not null,
  constraint rests_pkey PRIMARY KEY (chain_id, target)
);

create table bundles.returned (
  chain_id bigint not null,
  ordinal numeric(20,0) not null,
  data text not null,
  constraint returned_pkey PRIMARY KEY (chain_id, ordinal)
);

create table bundles.said (
  kind text not null,
  subject text not null,
  content text not null,
  batch bigint not null,
  place integer not null,
  until bigint not null,
  constraint said_pkey PRIMARY KEY (kind, subject, content, batch, place),
  constraint said_batch_fkey FOREIGN KEY (batch) REFERENCES bundles.signed_batches(id)
);

create table bundles.shares (
  bundle text not null,
  place integer not null,
  relayer text,
  amount numeric(78,0) not null,
  epoch integer not null,
  to_attesters numeric(78,0) not null,
  tx text not null,
  constraint shares_pkey PRIMARY KEY (bundle, place)
);

create table bundles.signed_batches (
  id bigint generated always as identity not null,
  root text not null,
  epoch bigint not null,
  valid_until bigint not null,
  part text not null,
  facts jsonb not null,
  path text[] not null,
  flags boolean[] not null,
  signers text[] not null,
  signatures text[] not null,
  compared boolean default false not null,
  judged_hub boolean default false not null,
  judged_legs boolean default false not null,
  heads jsonb default '{}'::jsonb not null,
  constraint signed_batches_pkey PRIMARY KEY (id),
  constraint signed_batches_root_epoch_valid_until_part_key UNIQUE (root, epoch, valid_until, part)
);

create table bundles.tries (
  chain_id bigint not null,
  ordinal numeric(20,0) not null,
  failures integer default 0 not null,
  skips integer default 0 not null,
  wait text,
  at bigint not null,
  tx text not null,
  constraint tries_pkey PRIMARY KEY (chain_id, ordinal)
);

create table bundles.untraced (
  chain_id bigint not null,
  transaction text not null,
  since timestamp with time zone default now() not null,
  tried_at timestamp with time zone default now() not null,
  why text not null,
  constraint untraced_pkey PRIMARY KEY (chain_id, transaction)
);

-- indexes

CREATE INDEX attestations_by_time ON bundles.attestations USING btree (at);

CREATE INDEX bundles_by_base ON bundles.bundles USING btree (base);

CREATE INDEX bundles_by_opening ON bundles.bundles USING btree (opened_block DESC, opened_log DESC);

CREATE INDEX bundles_by_owner ON bundles.bundles USING btree (owner, opened_block DESC, opened_log DESC);

CREATE INDEX bundles_by_payer ON bundles.bundles USING gin (bundles.payers_of(payloads)) WHERE (mode = 'escrowed'::text);

CREATE INDEX bundles_open ON bundles.bundles USING btree (deadline) WHERE (outcome = 'open'::text);

CREATE INDEX faults_by_age ON bundles.faults USING btree (found_at, signer, kind, subject);

CREATE INDEX faults_by_batch ON bundles.faults USING btree (batch);

CREATE INDEX faults_by_other_batch ON bundles.faults USING btree (other_batch) WHERE (other_batch IS NOT NULL);

CREATE INDEX faults_open ON bundles.faults USING btree (found_at) WHERE (state = ANY (ARRAY['found'::text, 'sent'::text, 'refused'::text]));

CREATE INDEX held_by_bundle ON bundles.held USING btree (bundle);

CREATE INDEX payloads_by_payer ON bundles.payloads USING gin (bundles.payers_of(legs)) WHERE ((header ->> 'mode'::text) = 'escrowed'::text);

CREATE INDEX payloads_to_open ON bundles.payloads USING btree (received_at) WHERE (signature IS NOT NULL);

CREATE INDEX receipts_by_ordinal ON bundles.receipts USING btree (ordinal);

CREATE INDEX receipts_by_transaction ON bundles.receipts USING btree (chain_id, tx);

CREATE INDEX returned_by_ordinal ON bundles.returned USING btree (ordinal);

CREATE INDEX said_by_age ON bundles.said USING btree (until);

CREATE INDEX said_by_batch ON bundles.said USING btree (batch);

CREATE INDEX signed_batches_to_compare ON bundles.signed_batches USING btree (id) WHERE (NOT compared);

CREATE INDEX signed_batches_to_judge ON bundles.signed_batches USING btree (id) WHERE (NOT (judged_hub AND judged_legs));

CREATE INDEX tries_by_ordinal ON bundles.tries USING btree (ordinal);

-- triggers

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.attester_sets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'epoch');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.bundles FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.held FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'bundle', 'place');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.lanes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'other_id', 'token');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.pauses FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'contract');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.receipts FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'ordinal', 'by');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.rests FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'target');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.returned FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'ordinal');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.shares FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('bundle', 'place');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON bundles.tries FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('chain_id', 'ordinal');
