-- Texts by the SHA-256 of their bytes, which is what the chain keeps of them. Not fed by logs. Null bytes: erased on request; the row
-- stays, so that the same text is not taken, or fetched, again.
create table markets.contents (
  sha256 text primary key,
  kind   text not null check (kind in ('opinion', 'sheet')),
  size   integer not null,
  bytes  bytea,
  -- of a sheet: the provider's signing key that handed it over
  signer text,
  at     timestamptz not null default now()
);
create index contents_by_time on markets.contents (at);

-- Where each is to be pinned besides, or no longer: what is not done is tried until it is, or given up.
create table markets.pins (
  sha256  text not null,
  target  text not null check (target in ('ipfs', 'service')),
  -- false: it was erased, so it is to be let go
  wanted  boolean not null default true,
  state   text not null default 'waiting' check (state in ('waiting', 'done', 'dead')),
  -- what the service calls its request
  request text,
  failed  integer not null default 0,
  error   text,
  next_at timestamptz not null default now(),
  primary key (sha256, target)
);
create index pins_waiting on markets.pins (next_at) where state = 'waiting';
