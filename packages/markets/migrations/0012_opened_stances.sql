-- What sealed stances opened to, by the beacon's signature; null where they opened to nothing that counts. A cache: whoever has the
-- log and the signature comes to the same. It names what was opened, so that a reorg that changes a stake has it opened anew.
drop table markets.entrusted;
create table markets.opened_stances (
  market     text not null,
  owner      text not null,
  commitment text not null,
  sealed     text not null,
  band       integer,
  salt       text,
  primary key (market, owner, commitment, sealed)
);
