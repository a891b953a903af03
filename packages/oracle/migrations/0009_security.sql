-- Stake that came, or was announced to leave (below zero). Fed by logs: the providers' table knows only what is.
create table oracle.stake_moves (
  block  bigint not null,
  log    integer not null,
  owner  text not null,
  kind   text not null check (kind in ('joined', 'added', 'left')),
  delta  numeric(78, 0) not null,
  at     bigint not null,
  primary key (block, log)
);
create index stake_moves_by_time on oracle.stake_moves (at);
select chain.track('oracle.stake_moves');

-- Nothing below comes from the chain: no replay brings it back, but for the monitor, which is fed by finished questions.

-- Fees of blocks as they were looked at, for two days.
create table oracle.block_fees (
  number   bigint primary key,
  base_fee numeric(78, 0) not null,
  at       bigint not null
);
create index block_fees_by_time on oracle.block_fees (at);

-- Where a provider's stake came from; null: the chain was asked and does not show it.
create table oracle.stake_origins (
  owner  text primary key,
  origin text
);

-- The running sums of the security monitor over all finished questions up to a place in their order.
create table oracle.monitor (
  one        boolean primary key default true check (one),
  capacity   integer not null,
  -- gzip of V8's serialisation; null before the first question
  state      bytea,
  through_at bigint not null default 0,
  through_id text not null default '',
  fed_at     bigint not null default 0,
  ruled_at   bigint not null default 0,
  scanned_at bigint not null default 0
);
-- A provider's number in the monitor, in the order of first reports.
create table oracle.monitor_members (
  owner  text primary key,
  number integer not null unique
);

-- What the monitor made of its sums: one scan tells of all clusters that it found, or of none.
create table oracle.cluster_scans (
  -- finality of the last question that it knew
  at        bigint primary key,
  questions bigint not null
);
create table oracle.clusters (
  scan     bigint not null,
  -- from 1, in the order of the first member
  place    integer not null,
  members  text[] not null,
  step     integer not null check (step between 1 and 4),
  notice   text not null,
  evidence text not null,
  primary key (scan, place)
);

create table oracle.security_evidence (
  -- keccak256 of the body, or sha256 where a provider's or watcher's bundle is meant
  hash text primary key,
  body text not null
);
create table oracle.security_events (
  place    bigint generated always as identity,
  id       text primary key,
  rule     text not null,
  severity integer not null check (severity between 1 and 5),
  subject  text not null,
  facts    jsonb not null,
  evidence text not null references oracle.security_evidence (hash),
  -- chain time
  at       bigint not null,
  state    text not null default 'open' check (state in ('open', 'triaged', 'closed'))
);
create index security_events_by_place on oracle.security_events (place desc);
create index security_events_by_subject on oracle.security_events (rule, subject);
create index security_events_open on oracle.security_events (severity) where state = 'open';
create table oracle.security_steps (
  event    text not null references oracle.security_events (id),
  place    integer not null,
  to_state text not null,
  who      text not null,
  why      text not null,
  at       bigint not null,
  primary key (event, place)
);

-- The rules look for rounds that just ended, and for answers by finality.
create index questions_by_deadline on oracle.questions (deadline);
create index questions_by_finality on oracle.questions (finalize_at, id) where state = 'answered';
create index reports_by_time on oracle.reports (received_at);
