-- What a language model made of a closed market's opinions. Not fed by logs, and nothing is settled by it.
create table markets.digests (
  market   text primary key,
  -- null: there is none yet, or it could not be made
  points   jsonb,
  model    text,
  rules    text,
  opinions integer not null default 0,
  -- hashes of all texts that it was made of: when one of them is erased, it goes too
  texts    text[] not null default '{}',
  failed   integer not null default 0,
  why      text,
  tried_at timestamptz not null default now(),
  next_at  timestamptz not null
);
create index digests_by_texts on markets.digests using gin (texts);
create index digests_by_try on markets.digests (tried_at);
