-- Signatures of members over five others who shall sit, by what they signed: the digest binds the five, the number, the end, chain
-- and contract. Not fed by logs. Those of a number that is over stay, and may count again after a reorg.
create table markets.replacements (
  digest     text not null,
  member     text not null,
  number     integer not null,
  members    text[] not null,
  expires_at bigint not null,
  signature  text not null,
  at         bigint not null,
  primary key (digest, member)
);
create index replacements_by_number on markets.replacements (number);
create index replacements_by_expiry on markets.replacements (expires_at);
