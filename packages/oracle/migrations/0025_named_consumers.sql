-- Consumers that the policy named: from when on the slasher believes what they say of positions, 0 for no longer.
create table oracle.consumers (
  consumer      text primary key,
  believed_from bigint not null,
  named_at      bigint not null
);
select chain.track('oracle.consumers');
