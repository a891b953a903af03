-- The hash of the text that says why somebody objects; null: he gave none.
alter table oracle.disputes add column reason text;
-- The texts by their hash, as they were handed over. Nothing depends on them, and any may be erased: then it is null.
create table oracle.reasons (
  hash text primary key,
  text text,
  at   timestamptz not null default now()
);
-- Whose work counted twice when the reward was split: shares are no longer one figure.
alter table oracle.questions drop column per_provider;
alter table oracle.questions add column premium_seats bigint;
alter table oracle.standings add column premium boolean not null default false;
