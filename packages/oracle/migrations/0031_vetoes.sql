-- Who may veto the question's answer, lower case; null: nobody was named, or he did.
alter table oracle.questions add column watcher text;
-- A question has one at most. Fed by the logs of the oracle alone.
create table oracle.vetoes (
  question    text primary key,
  watcher     text not null,
  -- the finality that it was put off to
  finalize_at bigint not null,
  -- keccak256 of the text that says why; null: he gave none
  reason      text,
  at          bigint not null,
  block       bigint not null,
  log         integer not null,
  tx          text not null
);
create index vetoes_by_reason on oracle.vetoes (reason) where reason is not null;
select chain.track('oracle.vetoes');
