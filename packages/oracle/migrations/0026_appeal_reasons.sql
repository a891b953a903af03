-- Why somebody appealed: the contract takes no reason, so its hash is signed by whoever appealed, for the transaction that did.
create table oracle.appeal_reasons (
  dispute   text not null,
  tx        text not null,
  reason    text not null,
  signature text not null,
  primary key (dispute, tx)
);
