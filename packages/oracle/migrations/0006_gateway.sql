-- What the gateway promised and to whom it opens. Nothing here comes from the chain: no replay brings it back.
create table oracle.api_keys (
  -- The visible part of a key.
  id           text primary key,
  -- sha256 of the secret part, which is stored nowhere.
  secret_hash  text not null,
  -- The wallet that asked for it; null: an operator issued it.
  owner        text,
  name         text not null,
  scopes       text[] not null,
  -- Null: what every key may use.
  per_second   integer check (per_second > 0),
  burst        integer check (burst > 0),
  streams      integer check (streams >= 0),
  -- Unix seconds by the server's clock.
  created_at   bigint not null,
  expires_at   bigint not null,
  revoked_at   bigint,
  -- The key that took its place.
  replaced_by  text,
  last_used_at bigint
);
create index api_keys_by_owner on oracle.api_keys (owner, created_at);

-- Signed requests for keys that were carried out: none is carried out twice.
create table oracle.key_requests (
  nonce   text primary key,
  owner   text not null,
  used_at bigint not null
);
create index key_requests_by_age on oracle.key_requests (used_at);

create table oracle.receipts (
  id          text primary key,
  -- What was handed over: the same again gets the same receipt.
  subject     text not null unique,
  question    text not null,
  body        jsonb not null,
  signer      text not null,
  signature   text not null,
  received_at bigint not null
);
create index receipts_by_question on oracle.receipts (question);
