-- Transactions to send, written in the database transaction of the row that needs them.

create type chain.outbox_status as enum ('queued', 'sent', 'mined', 'final', 'failed');

create table chain.outbox (
  id bigint generated always as identity primary key,
  chain_id bigint not null,
  key text not null unique,
  "to" text not null,
  data text not null,
  value numeric(78, 0) not null default 0,
  purpose text not null,
  -- 0 goes out first.
  priority smallint not null default 1,
  -- It fails, unsent, when it needs more gas than this; null: the lane's own ceiling alone.
  gas_limit bigint,
  status chain.outbox_status not null default 'queued',
  -- Of the lane that took it; null while queued.
  account text,
  nonce bigint,
  gas bigint,
  -- It reverted while earlier ones were under way, so only a try after this nonce decides.
  decide_at_nonce bigint,
  -- Head when its nonce was first seen used by a transaction that is not ours.
  lost_at bigint,
  -- Why a node will never take it: from then on the lane fills its nonce with an empty transfer to itself.
  refused text,
  -- Of the transaction that was mined.
  transaction text,
  block_number bigint,
  block_hash text,
  error_name text,
  error_data text,
  error_text text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create index outbox_queued on chain.outbox (chain_id, priority, id) where status = 'queued';
create index outbox_recent on chain.outbox (chain_id, purpose, created_at);
create index outbox_open on chain.outbox (chain_id, account) where status in ('sent', 'mined');
-- Two lanes of one account can never sign for the same nonce, whatever happens to their lease.
create unique index outbox_nonce on chain.outbox (chain_id, account, nonce) where nonce is not null;
comment on table chain.outbox is 'One effect on a chain each; `key` makes asking twice the same as asking once.';

create table chain.outbox_attempts (
  hash text primary key,
  outbox_id bigint not null references chain.outbox (id) on delete cascade,
  nonce bigint not null,
  raw text not null,
  max_fee numeric(78, 0) not null,
  max_priority_fee numeric(78, 0) not null,
  -- Head of the chain when it was signed: its age in blocks decides about a higher fee.
  at_block bigint not null
);
create index outbox_attempts_of on chain.outbox_attempts (outbox_id);
comment on table chain.outbox_attempts is 'Signed transactions, stored before they are sent: after a crash they are sent again, never signed anew.';
