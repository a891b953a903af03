-- The schema store after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create unlogged table store.live_events (
  seq bigint generated always as identity not null,
  tx xid8 default pg_current_xact_id() not null,
  floor xid8 default pg_snapshot_xmin(pg_current_snapshot()) not null,
  block bigint,
  payload text not null,
  constraint live_events_pkey PRIMARY KEY (seq)
);

create table store.migrations (
  slice text not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (slice, name),
  constraint migrations_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

-- indexes

CREATE INDEX live_events_by_block ON store.live_events USING btree (block DESC, seq) WHERE (block IS NOT NULL);
