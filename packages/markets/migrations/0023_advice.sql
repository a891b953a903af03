-- What a language model was asked about statements that somebody is writing: counted, so that a day has an end. Not fed by logs. The
-- statement itself is not kept.
create table markets.advice (
  id    bigint generated always as identity primary key,
  -- hash of the rules and the statement
  asked text not null,
  -- the wallet that was signed in; null: none was
  who   text,
  at    timestamptz not null default now(),
  -- null: it failed, or is on its way
  said  jsonb
);
create index advice_by_time on markets.advice (at);
create index advice_by_asked on markets.advice (asked);
