-- What proved epoch records said of each provider in each domain: the last one holds, the others are his history.
create table oracle.standings (
  domain          integer not null,
  owner           text not null,
  epoch           bigint not null,
  score           integer not null,
  factor_bps      integer not null,
  strikes         integer not null,
  suspended_until bigint not null,
  cluster         bigint not null,
  at              bigint not null,
  primary key (domain, owner, epoch)
);
select chain.track('oracle.standings');
