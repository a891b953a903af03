-- Which files were applied, and what they said then. Written by the migrator, in the transaction of the file itself.
create table store.migrations (
  slice text not null,
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz not null default now(),
  primary key (slice, name)
);
