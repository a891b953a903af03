-- The schema oracle after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create table oracle.abstentions (
  question text not null,
  round integer not null,
  signer text not null,
  epoch bigint not null,
  reason text not null,
  at bigint not null,
  signature text not null,
  constraint abstentions_pkey PRIMARY KEY (question, round, signer)
);

create table oracle.api_keys (
  id text not null,
  secret_hash text not null,
  owner text,
  name text not null,
  scopes text[] not null,
  per_second integer,
  burst integer,
  streams integer,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  replaced_by text,
  last_used_at bigint,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_burst_check CHECK ((burst > 0)),
  constraint api_keys_per_second_check CHECK ((per_second > 0)),
  constraint api_keys_streams_check CHECK ((streams >= 0))
);

create table oracle.appeal_reasons (
  dispute text not null,
  tx text not null,
  reason text not null,
  signature text not null,
  constraint appeal_reasons_pkey PRIMARY KEY (dispute, tx)
);

create table oracle.attempts (
  question text not null,
  round integer not null,
  kind text not null,
  block bigint not null,
  state text not null,
  reason text not null,
  at bigint not null,
  constraint attempts_pkey PRIMARY KEY (question, kind, round, block),
  constraint attempts_kind_check CHECK ((kind = ANY (ARRAY['extend'::text, 'jury'::text]))),
  constraint attempts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text])))
);

create table oracle.batch_signatures (
  question text not null,
  round integer not null,
  epoch bigint not null,
  phase bigint not null,
  signer text not null,
  seat integer not null,
  chained text not null,
  signature text not null,
  received_at bigint not null,
  constraint batch_signatures_pkey PRIMARY KEY (question, round, epoch, phase, signer)
);

create table oracle.batches (
  jury text not null,
  batch text not null,
  commitments text[] not null,
  formed_at bigint not null,
  constraint batches_pkey PRIMARY KEY (jury, batch)
);

create table oracle.block_fees (
  number bigint not null,
  base_fee numeric(78,0) not null,
  at bigint not null,
  constraint block_fees_pkey PRIMARY KEY (number)
);

create table oracle.clarifications (
  question text not null,
  round integer not null,
  chain text not null,
  body text not null,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  constraint clarifications_pkey PRIMARY KEY (question, round)
);

create table oracle.cluster_periods (
  period bigint not null,
  constraint cluster_periods_pkey PRIMARY KEY (period)
);

create table oracle.cluster_scans (
  at bigint not null,
  questions bigint not null,
  constraint cluster_scans_pkey PRIMARY KEY (at)
);

create table oracle.clusters (
  scan bigint not null,
  place integer not null,
  members text[] not null,
  step integer not null,
  notice text not null,
  evidence text not null,
  constraint clusters_pkey PRIMARY KEY (scan, place),
  constraint clusters_step_check CHECK (((step >= 1) AND (step <= 4)))
);

create table oracle.commit_batches (
  question text not null,
  round integer not null,
  epoch bigint not null,
  phase bigint not null,
  chained text not null,
  commitments text[] not null,
  formed_at bigint not null,
  seats integer[],
  signatures text[],
  adopted boolean default false not null,
  constraint commit_batches_pkey PRIMARY KEY (question, round, phase, chained)
);

create table oracle.commitments (
  jury text not null,
  juror integer not null,
  commitment text not null,
  signature text not null,
  received_at bigint not null,
  constraint commitments_pkey PRIMARY KEY (jury, juror)
);

create table oracle.consumers (
  consumer text not null,
  believed_from bigint not null,
  named_at bigint not null,
  constraint consumers_pkey PRIMARY KEY (consumer)
);

create table oracle.credits (
  account text not null,
  credit numeric(78,0) not null,
  constraint credits_pkey PRIMARY KEY (account)
);

create table oracle.dispute_awards (
  block bigint not null,
  log integer not null,
  dispute text not null,
  who text not null,
  amount numeric(78,0) not null,
  constraint dispute_awards_pkey PRIMARY KEY (block, log)
);

create table oracle.dispute_stakes (
  dispute text not null,
  place integer not null,
  who text not null,
  amount numeric(78,0) not null,
  side integer not null,
  constraint dispute_stakes_pkey PRIMARY KEY (dispute, place)
);

create table oracle.dispute_steps (
  block bigint not null,
  log integer not null,
  dispute text not null,
  kind text not null,
  at bigint not null,
  tx text not null,
  value numeric(78,0),
  signatures text,
  jury text,
  tier integer,
  choice integer,
  who text,
  until bigint,
  constraint dispute_steps_pkey PRIMARY KEY (block, log),
  constraint dispute_steps_kind_check CHECK ((kind = ANY (ARRAY['rereported'::text, 'convened'::text, 'verdict'::text, 'appealed'::text, 'concluded'::text])))
);

create table oracle.disputes (
  id text not null,
  question text not null,
  answer numeric(78,0) not null,
  root text not null,
  disputer text not null,
  claim numeric(78,0) not null,
  claim_root text not null,
  deposit numeric(78,0) not null,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  stage text default 'disputed'::text not null,
  tier integer default 0 not null,
  verdict integer default 0 not null,
  until bigint,
  held_claim numeric(78,0),
  jury text,
  outcome text,
  choice integer,
  to_insurance numeric(78,0),
  ended_at bigint,
  ended_tx text,
  reason text,
  constraint disputes_pkey PRIMARY KEY (id),
  constraint disputes_outcome_check CHECK ((outcome = ANY (ARRAY['uphold'::text, 'restore'::text, 'replace'::text, 'reopen'::text, 'invalid'::text]))),
  constraint disputes_stage_check CHECK ((stage = ANY (ARRAY['disputed'::text, 'confirmed'::text, 'sitting'::text, 'ruled'::text, 'corrected'::text, 'done'::text])))
);

create table oracle.domain_pauses (
  domain integer not null,
  until bigint not null,
  constraint domain_pauses_pkey PRIMARY KEY (domain)
);

create table oracle.epochs (
  epoch bigint not null,
  total_weight numeric(78,0) not null,
  at bigint not null,
  block bigint not null,
  tx text not null,
  domain integer not null,
  constraint epochs_pkey PRIMARY KEY (domain, epoch)
);

create table oracle.equivocations (
  question text not null,
  round integer not null,
  epoch bigint not null,
  signer text not null,
  first_value numeric(78,0) not null,
  first_signature text not null,
  second_value numeric(78,0) not null,
  second_signature text not null,
  seen_at bigint not null,
  first_root text,
  second_root text,
  constraint equivocations_pkey PRIMARY KEY (question, round, epoch, signer)
);

create table oracle.evidence (
  hash text not null,
  body text not null,
  question text not null,
  round integer not null,
  signer text not null,
  received_at bigint not null,
  constraint evidence_pkey PRIMARY KEY (hash)
);

create table oracle.feed_equivocations (
  feed text not null,
  observed_at bigint not null,
  epoch bigint not null,
  signer text not null,
  first_value numeric(78,0) not null,
  first_signature text not null,
  second_value numeric(78,0) not null,
  second_signature text not null,
  seen_at bigint not null,
  constraint feed_equivocations_pkey PRIMARY KEY (feed, observed_at, epoch, signer)
);

create table oracle.feed_reports (
  feed text not null,
  observed_at bigint not null,
  epoch bigint not null,
  signer text not null,
  seat integer not null,
  weight numeric(78,0) not null,
  value numeric(78,0) not null,
  signature text not null,
  received_at bigint not null,
  constraint feed_reports_pkey PRIMARY KEY (feed, observed_at, epoch, signer)
);

create table oracle.feed_values (
  feed text not null,
  round bigint not null,
  value numeric(78,0) not null,
  observed_at bigint not null,
  transaction text not null,
  constraint feed_values_pkey PRIMARY KEY (feed, round)
);

create table oracle.feeds (
  feed text not null,
  domain integer not null,
  decimals integer not null,
  schema text,
  value numeric(78,0),
  observed_at bigint,
  stale_at bigint,
  halted_at bigint,
  refused numeric(78,0),
  signer text,
  template text,
  created_block bigint,
  created_log integer,
  secondary text,
  unreadable boolean default false not null,
  constraint feeds_pkey PRIMARY KEY (feed)
);

create table oracle.juries (
  id text not null,
  arbitrable text not null,
  subject text not null,
  size integer not null,
  juror_epoch bigint not null,
  excluded text not null,
  fee numeric(78,0) not null,
  opened_at bigint not null,
  beacon_round numeric(78,0) not null,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  dispute text,
  votes numeric(78,0) default 0 not null,
  closed boolean default false not null,
  choice integer default 0 not null,
  constraint juries_pkey PRIMARY KEY (id)
);

create table oracle.juror_equivocations (
  jury text not null,
  juror integer not null,
  first_commitment text not null,
  first_signature text not null,
  second_commitment text not null,
  second_signature text not null,
  seen_at bigint not null,
  constraint juror_equivocations_pkey PRIMARY KEY (jury, juror)
);

create table oracle.juror_faults (
  jury text not null,
  juror integer not null,
  kind text not null,
  fault text not null,
  challenger text,
  constraint juror_faults_pkey PRIMARY KEY (jury, juror, kind),
  constraint juror_faults_kind_check CHECK ((kind = ANY (ARRAY['missing'::text, 'incoherent'::text, 'withheld'::text, 'leaked'::text, 'equivocal'::text])))
);

create table oracle.juror_sets (
  epoch bigint not null,
  total_weight numeric(78,0) not null,
  at bigint not null,
  constraint juror_sets_pkey PRIMARY KEY (epoch)
);

create table oracle.jurors (
  epoch bigint not null,
  juror integer not null,
  signer text not null,
  weight numeric(78,0) not null,
  constraint jurors_pkey PRIMARY KEY (epoch, juror)
);

create table oracle.jury_own_commits (
  jury text not null,
  juror integer not null,
  commitment text not null,
  constraint jury_own_commits_pkey PRIMARY KEY (jury, juror)
);

create table oracle.jury_posts (
  jury text not null,
  batch text not null,
  at bigint not null,
  tx text not null,
  constraint jury_posts_pkey PRIMARY KEY (jury, batch)
);

create table oracle.key_requests (
  nonce text not null,
  owner text not null,
  used_at bigint not null,
  constraint key_requests_pkey PRIMARY KEY (nonce)
);

create table oracle.late_reports (
  block bigint not null,
  log integer not null,
  question text not null,
  epoch bigint not null,
  round integer not null,
  entries text not null,
  at bigint not null,
  constraint late_reports_pkey PRIMARY KEY (block, log)
);

create table oracle.monitor (
  one boolean default true not null,
  capacity integer not null,
  state bytea,
  through_at bigint default 0 not null,
  through_id text default ''::text not null,
  fed_at bigint default 0 not null,
  ruled_at bigint default 0 not null,
  scanned_at bigint default 0 not null,
  constraint monitor_pkey PRIMARY KEY (one),
  constraint monitor_one_check CHECK (one)
);

create table oracle.monitor_members (
  owner text not null,
  number integer not null,
  constraint monitor_members_pkey PRIMARY KEY (owner),
  constraint monitor_members_number_key UNIQUE (number)
);

create table oracle.named_faults (
  fault text not null,
  reason text not null,
  question text,
  constraint named_faults_pkey PRIMARY KEY (fault)
);

create table oracle.openings (
  jury text not null,
  juror integer not null,
  choice integer not null,
  salt text not null,
  received_at bigint not null,
  constraint openings_pkey PRIMARY KEY (jury, juror),
  constraint openings_choice_check CHECK (((choice >= 1) AND (choice <= 3)))
);

create table oracle.pauses (
  number bigint not null,
  guardian text not null,
  from_at bigint not null,
  until_at bigint not null,
  constraint pauses_pkey PRIMARY KEY (number)
);

create table oracle.period_clusters (
  period bigint not null,
  cluster bigint not null,
  members text[] not null,
  evidence text not null,
  constraint period_clusters_pkey PRIMARY KEY (period, cluster),
  constraint period_clusters_period_fkey FOREIGN KEY (period) REFERENCES oracle.cluster_periods(period) ON DELETE CASCADE
);

create table oracle.period_questions (
  domain integer not null,
  number bigint not null,
  question text not null,
  until_at bigint not null,
  at bigint not null,
  constraint period_questions_pkey PRIMARY KEY (domain, number),
  constraint period_questions_question_key UNIQUE (question)
);

create table oracle.period_records (
  domain integer not null,
  number bigint not null,
  owner text not null,
  factor_bps integer not null,
  score integer not null,
  strikes integer not null,
  suspended_until bigint not null,
  cluster bigint not null,
  counts_right numeric(78,0) not null,
  counts_wrong numeric(78,0) not null,
  counts_at bigint not null,
  probation integer not null,
  rounds integer not null,
  premium boolean not null,
  warnings integer not null,
  outside_at bigint not null,
  answered integer not null,
  missed integer not null,
  constraint period_records_pkey PRIMARY KEY (domain, number, owner)
);

create table oracle.periods (
  domain integer not null,
  number bigint not null,
  since_at bigint not null,
  until_at bigint not null,
  root text not null,
  questions integer not null,
  computed_at bigint not null,
  constraint periods_pkey PRIMARY KEY (domain, number)
);

create table oracle.posted_commits (
  block bigint not null,
  log integer not null,
  question text not null,
  round integer not null,
  phase numeric(78,0) not null,
  chained text not null,
  at bigint not null,
  tx text not null,
  epoch bigint,
  seats bigint,
  signatures text,
  constraint posted_commits_pkey PRIMARY KEY (block, log)
);

create table oracle.providers (
  owner text not null,
  signer text not null,
  stake numeric(78,0) not null,
  state text not null,
  unbonds_at bigint,
  joined_at bigint not null,
  kinds bigint not null,
  juror boolean not null,
  banned boolean default false not null,
  frozen_until bigint,
  suspended_until bigint,
  juror_since bigint,
  constraint providers_pkey PRIMARY KEY (owner),
  constraint providers_state_check CHECK ((state = ANY (ARRAY['active'::text, 'unbonding'::text, 'withdrawn'::text])))
);

create table oracle.questions (
  id text not null,
  chain_id integer not null,
  asker text not null,
  schema_hash text not null,
  aggregation text not null,
  min_value numeric(78,0) not null,
  max_value numeric(78,0) not null,
  tolerance numeric(78,0) not null,
  opens_at bigint not null,
  deadline bigint not null,
  liveness bigint not null,
  reward numeric(78,0) not null,
  nonce numeric(78,0) not null,
  schema jsonb not null,
  fault text,
  asked_at bigint not null,
  asked_block bigint not null,
  asked_log integer not null,
  asked_tx text not null,
  state text default 'open'::text not null,
  round integer default 0 not null,
  not_before bigint not null,
  value numeric(78,0),
  finalize_at bigint,
  confidence integer,
  seats bigint,
  epoch bigint,
  report text,
  answered_at bigint,
  answered_block bigint,
  answered_log integer,
  answered_tx text,
  reward_settled boolean default false not null,
  refunded boolean,
  to_treasury numeric(78,0),
  settled_at bigint,
  settled_block bigint,
  settled_log integer,
  settled_tx text,
  domain integer not null,
  ends_early boolean not null,
  secures numeric(78,0) not null,
  root text,
  facts text,
  deposit integer default 0 not null,
  disputes integer default 0 not null,
  ruled boolean default false not null,
  held integer default 0 not null,
  dispute text,
  premium_seats bigint,
  watcher text,
  constraint questions_pkey PRIMARY KEY (id),
  constraint questions_aggregation_check CHECK ((aggregation = ANY (ARRAY['plurality'::text, 'median'::text, 'root'::text]))),
  constraint questions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'disputed'::text])))
);

create table oracle.reasons (
  hash text not null,
  text text,
  at timestamp with time zone default now() not null,
  used boolean default false not null,
  constraint reasons_pkey PRIMARY KEY (hash)
);

create table oracle.receipts (
  id text not null,
  subject text not null,
  question text not null,
  body jsonb not null,
  signer text not null,
  signature text not null,
  received_at bigint not null,
  constraint receipts_pkey PRIMARY KEY (id),
  constraint receipts_subject_key UNIQUE (subject)
);

create table oracle.recovered_reports (
  block bigint not null,
  log integer not null,
  words text not null,
  signers text[] not null,
  constraint recovered_reports_pkey PRIMARY KEY (block, log)
);

create table oracle.reopenings (
  question text not null,
  round integer not null,
  epoch bigint not null,
  not_before bigint not null,
  seats bigint not null,
  signatures text not null,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  constraint reopenings_pkey PRIMARY KEY (question, round)
);

create table oracle.report_commitments (
  question text not null,
  round integer not null,
  epoch bigint not null,
  phase bigint not null,
  signer text not null,
  seat integer not null,
  weight numeric(78,0) not null,
  commitment text not null,
  signature text not null,
  received_at bigint not null,
  constraint report_commitments_pkey PRIMARY KEY (question, round, epoch, phase, signer)
);

create table oracle.report_openings (
  question text not null,
  round integer not null,
  epoch bigint not null,
  phase bigint not null,
  signer text not null,
  secret text not null,
  salt text not null,
  received_at bigint not null,
  constraint report_openings_pkey PRIMARY KEY (question, round, epoch, phase, signer)
);

create table oracle.reports (
  question text not null,
  round integer not null,
  epoch bigint not null,
  signer text not null,
  seat integer not null,
  weight numeric(78,0) not null,
  value numeric(78,0) not null,
  signature text not null,
  evidence text not null,
  evidence_signature text not null,
  received_at bigint not null,
  root text,
  constraint reports_pkey PRIMARY KEY (question, round, epoch, signer)
);

create table oracle.root_answers (
  question text not null,
  root text not null,
  facts numeric(78,0) not null,
  finalize_at bigint not null,
  at bigint not null,
  tx text not null,
  constraint root_answers_pkey PRIMARY KEY (question)
);

create table oracle.root_reports (
  question text not null,
  round integer not null,
  epoch bigint not null,
  signer text not null,
  seat integer not null,
  root text not null,
  signature text not null,
  received_at bigint not null,
  constraint root_reports_pkey PRIMARY KEY (question, round, epoch, signer)
);

create table oracle.rosters (
  domain integer not null,
  owner text not null,
  constraint rosters_pkey PRIMARY KEY (domain, owner)
);

create table oracle.seats (
  epoch bigint not null,
  seat integer not null,
  signer text not null,
  weight numeric(78,0) not null,
  domain integer not null,
  constraint seats_pkey PRIMARY KEY (domain, epoch, seat)
);

create table oracle.security_events (
  place bigint generated always as identity not null,
  id text not null,
  rule text not null,
  severity integer not null,
  subject text not null,
  facts jsonb not null,
  evidence text not null,
  at bigint not null,
  state text default 'open'::text not null,
  constraint security_events_pkey PRIMARY KEY (id),
  constraint security_events_evidence_fkey FOREIGN KEY (evidence) REFERENCES oracle.security_evidence(hash),
  constraint security_events_severity_check CHECK (((severity >= 1) AND (severity <= 5))),
  constraint security_events_state_check CHECK ((state = ANY (ARRAY['open'::text, 'triaged'::text, 'closed'::text])))
);

create table oracle.security_evidence (
  hash text not null,
  body text not null,
  constraint security_evidence_pkey PRIMARY KEY (hash)
);

create table oracle.security_steps (
  event text not null,
  place integer not null,
  to_state text not null,
  who text not null,
  why text not null,
  at bigint not null,
  constraint security_steps_pkey PRIMARY KEY (event, place),
  constraint security_steps_event_fkey FOREIGN KEY (event) REFERENCES oracle.security_events(id)
);

create table oracle.seeds (
  round numeric(78,0) not null,
  seed text not null,
  constraint seeds_pkey PRIMARY KEY (round)
);

create table oracle.shown_equivocations (
  tx text not null,
  owner text not null,
  constraint shown_equivocations_pkey PRIMARY KEY (tx, owner)
);

create table oracle.signed_answers (
  question text not null,
  value numeric(78,0) not null,
  seats bigint not null,
  epoch bigint not null,
  round integer not null,
  report text not null,
  constraint signed_answers_pkey PRIMARY KEY (question)
);

create table oracle.signers (
  signer text not null,
  owner text not null,
  constraint signers_pkey PRIMARY KEY (signer)
);

create table oracle.slash_credits (
  account text not null,
  credit numeric(78,0) not null,
  constraint slash_credits_pkey PRIMARY KEY (account)
);

create table oracle.slashes (
  block bigint not null,
  log integer not null,
  owner text not null,
  fault text not null,
  challenger text,
  amount numeric(78,0) not null,
  stake numeric(78,0) not null,
  at bigint not null,
  tx text not null,
  constraint slashes_pkey PRIMARY KEY (block, log)
);

create table oracle.stake_moves (
  block bigint not null,
  log integer not null,
  owner text not null,
  kind text not null,
  delta numeric(78,0) not null,
  at bigint not null,
  constraint stake_moves_pkey PRIMARY KEY (block, log),
  constraint stake_moves_kind_check CHECK ((kind = ANY (ARRAY['joined'::text, 'added'::text, 'left'::text])))
);

create table oracle.stake_origins (
  owner text not null,
  origin text,
  constraint stake_origins_pkey PRIMARY KEY (owner)
);

create table oracle.standings (
  domain integer not null,
  owner text not null,
  epoch bigint not null,
  score integer not null,
  factor_bps integer not null,
  strikes integer not null,
  suspended_until bigint not null,
  cluster bigint not null,
  at bigint not null,
  premium boolean default false not null,
  constraint standings_pkey PRIMARY KEY (domain, owner, epoch)
);

create table oracle.trips (
  block bigint not null,
  log integer not null,
  why text not null,
  found numeric(78,0) not null,
  most numeric(78,0) not null,
  until bigint not null,
  at bigint not null,
  constraint trips_pkey PRIMARY KEY (block, log)
);

create table oracle.vectors (
  root text not null,
  items jsonb not null,
  received_at bigint not null,
  constraint vectors_pkey PRIMARY KEY (root)
);

create table oracle.vetoes (
  question text not null,
  watcher text not null,
  finalize_at bigint not null,
  reason text,
  at bigint not null,
  block bigint not null,
  log integer not null,
  tx text not null,
  constraint vetoes_pkey PRIMARY KEY (question)
);

-- indexes

CREATE INDEX api_keys_by_owner ON oracle.api_keys USING btree (owner, created_at);

CREATE INDEX batch_signatures_by_phase ON oracle.batch_signatures USING btree (phase);

CREATE INDEX block_fees_by_time ON oracle.block_fees USING btree (at);

CREATE INDEX commit_batches_by_phase ON oracle.commit_batches USING btree (phase);

CREATE INDEX dispute_awards_by_dispute ON oracle.dispute_awards USING btree (dispute, block, log);

CREATE INDEX dispute_steps_by_dispute ON oracle.dispute_steps USING btree (dispute, block, log);

CREATE INDEX disputes_by_disputer ON oracle.disputes USING btree (disputer, block DESC, log DESC);

CREATE INDEX disputes_by_opening ON oracle.disputes USING btree (block DESC, log DESC);

CREATE INDEX disputes_by_question ON oracle.disputes USING btree (question);

CREATE INDEX disputes_by_reason ON oracle.disputes USING btree (reason) WHERE (reason IS NOT NULL);

CREATE INDEX disputes_open ON oracle.disputes USING btree (at) WHERE (stage <> 'done'::text);

CREATE INDEX feeds_by_creation ON oracle.feeds USING btree (created_block NULLS FIRST, created_log, feed) WHERE ((schema IS NOT NULL) AND (signer IS NULL) AND (NOT unreadable));

CREATE INDEX juries_by_dispute ON oracle.juries USING btree (dispute);

CREATE INDEX juries_by_opening ON oracle.juries USING btree (block DESC, log DESC);

CREATE INDEX juries_open ON oracle.juries USING btree (at) WHERE (NOT closed);

CREATE INDEX juror_faults_by_fault ON oracle.juror_faults USING btree (fault);

CREATE INDEX key_requests_by_age ON oracle.key_requests USING btree (used_at);

CREATE INDEX late_reports_by_question ON oracle.late_reports USING btree (question);

CREATE INDEX period_records_by_owner ON oracle.period_records USING btree (owner, domain, number);

CREATE INDEX posted_commits_by_question ON oracle.posted_commits USING btree (question, round);

CREATE INDEX questions_by_answer ON oracle.questions USING btree (answered_block DESC, answered_log DESC) WHERE (state = 'answered'::text);

CREATE INDEX questions_by_asker ON oracle.questions USING btree (asker);

CREATE INDEX questions_by_asking ON oracle.questions USING btree (asked_block DESC, asked_log DESC);

CREATE INDEX questions_by_deadline ON oracle.questions USING btree (deadline);

CREATE INDEX questions_by_epoch ON oracle.questions USING btree (domain, epoch) INCLUDE (seats) WHERE (state = 'answered'::text);

CREATE INDEX questions_by_finality ON oracle.questions USING btree (finalize_at, id) WHERE (state = 'answered'::text);

CREATE INDEX questions_by_settlement ON oracle.questions USING btree (settled_block DESC, settled_log DESC) WHERE reward_settled;

CREATE INDEX questions_open_by_deadline ON oracle.questions USING btree (deadline, id) WHERE (state = 'open'::text);

CREATE INDEX questions_to_answer ON oracle.questions USING btree (not_before, deadline) WHERE (state = 'open'::text);

CREATE INDEX questions_to_settle ON oracle.questions USING btree (COALESCE(finalize_at, (deadline + 1))) WHERE ((NOT reward_settled) AND (reward > (0)::numeric));

CREATE INDEX reasons_unused ON oracle.reasons USING btree (at) WHERE ((NOT used) AND (text IS NOT NULL));

CREATE INDEX receipts_by_question ON oracle.receipts USING btree (question);

CREATE INDEX reopenings_by_block ON oracle.reopenings USING btree (block DESC, log DESC);

CREATE INDEX report_commitments_by_phase ON oracle.report_commitments USING btree (phase);

CREATE INDEX report_openings_by_phase ON oracle.report_openings USING btree (phase);

CREATE INDEX reports_by_signer ON oracle.reports USING btree (signer, received_at DESC);

CREATE INDEX reports_by_time ON oracle.reports USING btree (received_at);

CREATE INDEX seats_by_signer ON oracle.seats USING btree (signer, epoch);

CREATE INDEX security_events_by_place ON oracle.security_events USING btree (place DESC);

CREATE INDEX security_events_by_subject ON oracle.security_events USING btree (rule, subject);

CREATE INDEX security_events_open ON oracle.security_events USING btree (severity) WHERE (state = 'open'::text);

CREATE INDEX signers_by_owner ON oracle.signers USING btree (owner);

CREATE INDEX slashes_by_owner ON oracle.slashes USING btree (owner, block DESC, log DESC);

CREATE INDEX stake_moves_by_time ON oracle.stake_moves USING btree (at);

CREATE INDEX vetoes_by_reason ON oracle.vetoes USING btree (reason) WHERE (reason IS NOT NULL);

-- triggers

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.clarifications FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('question', 'round');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.consumers FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('consumer');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.credits FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('account');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.dispute_awards FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.dispute_stakes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('dispute', 'place');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.dispute_steps FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.disputes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.domain_pauses FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('domain');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.epochs FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('epoch', 'domain');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.feed_values FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('feed', 'round');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.feeds FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('feed');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.juries FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.juror_faults FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('jury', 'juror', 'kind');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.juror_sets FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('epoch');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.jurors FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('epoch', 'juror');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.jury_own_commits FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('jury', 'juror');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.jury_posts FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('jury', 'batch');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.late_reports FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.named_faults FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('fault');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.pauses FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('number');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.period_questions FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('domain', 'number');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.posted_commits FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.providers FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.questions FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('id');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.reopenings FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('question', 'round');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.root_answers FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('question');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.rosters FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('domain', 'owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.seats FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('epoch', 'seat', 'domain');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.seeds FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('round');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.shown_equivocations FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('tx', 'owner');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.signed_answers FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('question');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.signers FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('signer');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.slash_credits FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('account');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.slashes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.stake_moves FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.standings FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('domain', 'owner', 'epoch');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.trips FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('block', 'log');

CREATE TRIGGER sooth_undo AFTER INSERT OR DELETE OR UPDATE ON oracle.vetoes FOR EACH ROW WHEN ((NULLIF(current_setting('sooth.block'::text, true), ''::text) IS NOT NULL)) EXECUTE FUNCTION chain.record_undo('question');
