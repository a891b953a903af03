-- Many answers under one root, and what askers said about their questions before these opened.
alter table oracle.questions
  -- Of an answer that is a root; the value is 0 then.
  add column root text,
  -- What the contract hashed with the root, as it was logged.
  add column facts text;

alter table oracle.reports add column root text;
alter table oracle.equivocations add column first_root text, add column second_root text;

-- What stands under a root. Its name is its hash, so it needs no owner; only seated providers can put anything here.
create table oracle.vectors (
  root        text primary key,
  -- One decimal for each item, in their order.
  items       jsonb not null,
  received_at bigint not null
);

create table oracle.clarifications (
  question text not null,
  -- The round that it began.
  round    integer not null,
  -- Of all texts so far, each hashed to those before it.
  chain    text not null,
  body     text not null,
  at       bigint not null,
  block    bigint not null,
  log      integer not null,
  tx       text not null,
  primary key (question, round)
);
select chain.track('oracle.clarifications');
