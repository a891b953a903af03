-- The schema store after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create table store.migrations (
  slice text not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (slice, name),
  constraint migrations_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
