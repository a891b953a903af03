-- Who sits in the committee that approves what opinion markets came to; the highest number sits. Fed by logs.
create table markets.committee (
  number    integer primary key,
  members   text[] not null,
  seated_at bigint not null
);
select chain.track('markets.committee');

-- Signatures that members handed over, by what they signed: the digest binds market, result, expiry, chain and contract. Not fed
-- by logs. One that does not count any more, because the result or the committee is another, stays and may count again after a reorg.
create table markets.approvals (
  digest     text not null,
  member     text not null,
  market     text not null,
  signature  text not null,
  expires_at bigint not null,
  at         bigint not null,
  primary key (digest, member)
);
create index approvals_by_market on markets.approvals (market);
create index approvals_by_expiry on markets.approvals (expires_at);
