-- What providers signed under batches of commitments, one batch a phase: handed over like reports, and a proof when it is two.
create table oracle.batch_signatures (
  question    text not null,
  round       integer not null,
  epoch       bigint not null,
  phase       bigint not null,
  signer      text not null,
  seat        integer not null,
  chained     text not null,
  signature   text not null,
  received_at bigint not null,
  primary key (question, round, epoch, phase, signer)
);
-- Who co-signed what is on chain. Null: before batches were co-signed.
alter table oracle.posted_commits
  add column epoch bigint,
  add column seats bigint,
  add column signatures text;
-- The claims in the order of the commitments: a batch that another collector formed may hold others than were handed over here.
-- Null: before batches were co-signed.
alter table oracle.commit_batches
  add column seats integer[],
  add column signatures text[],
  add column adopted boolean not null default false;
