-- What providers handed over before they showed their values: kept like reports, nobody else can give it back.
create table oracle.report_commitments (
  question    text not null,
  round       integer not null,
  epoch       bigint not null,
  phase       bigint not null,
  signer      text not null,
  seat        integer not null,
  weight      numeric(78, 0) not null,
  commitment  text not null,
  signature   text not null,
  received_at bigint not null,
  primary key (question, round, epoch, phase, signer)
);
-- Their order in the batches that this server posts: only who knows it can open one.
create table oracle.commit_batches (
  question    text not null,
  round       integer not null,
  epoch       bigint not null,
  phase       bigint not null,
  chained     text not null,
  commitments text[] not null,
  formed_at   bigint not null,
  primary key (question, round, phase, chained)
);
-- What opens a commitment, beside the report: of each phase in which its provider showed it.
create table oracle.report_openings (
  question    text not null,
  round       integer not null,
  epoch       bigint not null,
  phase       bigint not null,
  signer      text not null,
  secret      text not null,
  salt        text not null,
  received_at bigint not null,
  primary key (question, round, epoch, phase, signer)
);

-- Fed by the oracle's logs alone: anybody's batches.
create table oracle.posted_commits (
  block    bigint not null,
  log      integer not null,
  question text not null,
  round    integer not null,
  phase    numeric(78, 0) not null,
  chained  text not null,
  at       bigint not null,
  tx       text not null,
  primary key (block, log)
);
create index posted_commits_by_question on oracle.posted_commits (question, round);
select chain.track('oracle.posted_commits');
