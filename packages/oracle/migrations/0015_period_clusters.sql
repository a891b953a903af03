-- Who stands together by the logs, worked out once for each period and all domains: a cache that may be emptied.
create table oracle.cluster_periods (
  period bigint primary key
);
create table oracle.period_clusters (
  period   bigint not null references oracle.cluster_periods (period) on delete cascade,
  -- as the records of its members say it
  cluster  bigint not null,
  members  text[] not null,
  evidence text not null,
  primary key (period, cluster)
);
