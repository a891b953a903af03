-- Transactions whose effect the chain itself remembers: who sends them looks there, and asks again for what did not come about. So a
-- row is kept only while its transaction may have to be sent again.

create table chain.direct (
  chain_id bigint not null,
  account text not null,
  nonce bigint not null,
  hash text primary key,
  raw text not null,
  -- Head of the chain when it was signed: its age in blocks decides about a higher fee.
  at_block bigint not null
);
create index direct_of on chain.direct (chain_id, account, nonce);
comment on table chain.direct is 'Signed transactions, stored before they are sent: after a crash they are sent again, never signed anew.';
