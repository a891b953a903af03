-- What a quorum signed, as the oracle logged it: a ruling changes the question's row, and not this one.
create table oracle.signed_answers (
  question text primary key,
  value    numeric(78, 0) not null,
  seats    bigint not null,
  epoch    bigint not null,
  round    integer not null,
  report   text not null
);
insert into oracle.signed_answers
  select id, value, seats, epoch, round, report from oracle.questions where state = 'answered';
-- Reports that somebody logged because they are not in the answer. Nothing about them is checked.
create table oracle.late_reports (
  block    bigint not null,
  log      integer not null,
  question text not null,
  epoch    bigint not null,
  round    integer not null,
  entries  text not null,
  at       bigint not null,
  primary key (block, log)
);
create index late_reports_by_question on oracle.late_reports (question);
create table oracle.period_questions (
  domain   integer not null,
  number   bigint not null,
  question text not null unique,
  until_at bigint not null,
  at       bigint not null,
  primary key (domain, number)
);
-- Answers to Root questions: what the contract hashed into its word.
create table oracle.root_answers (
  question    text primary key,
  root        text not null,
  facts       numeric(78, 0) not null,
  finalize_at bigint not null,
  at          bigint not null,
  tx          text not null
);
select chain.track(tracked::regclass) from unnest(array['oracle.signed_answers', 'oracle.late_reports',
  'oracle.period_questions', 'oracle.root_answers']) as tracked;

-- Worked out from the tables above, once for each period: a cache that may be emptied.
create table oracle.periods (
  domain      integer not null,
  number      bigint not null,
  since_at    bigint not null,
  until_at    bigint not null,
  root        text not null,
  questions   integer not null,
  computed_at bigint not null,
  primary key (domain, number)
);
create table oracle.period_records (
  domain          integer not null,
  number          bigint not null,
  owner           text not null,
  factor_bps      integer not null,
  score           integer not null,
  strikes         integer not null,
  suspended_until bigint not null,
  cluster         bigint not null,
  counts_right    numeric(78, 0) not null,
  counts_wrong    numeric(78, 0) not null,
  counts_at       bigint not null,
  probation       integer not null,
  rounds          integer not null,
  premium         boolean not null,
  warnings        integer not null,
  outside_at      bigint not null,
  -- in this period alone
  answered        integer not null,
  missed          integer not null,
  primary key (domain, number, owner)
);
create index period_records_by_owner on oracle.period_records (owner, domain, number);

-- Handed over by providers, not read from the chain.
create table oracle.root_reports (
  question    text not null,
  round       integer not null,
  epoch       bigint not null,
  signer      text not null,
  seat        integer not null,
  root        text not null,
  signature   text not null,
  received_at bigint not null,
  primary key (question, round, epoch, signer)
);
