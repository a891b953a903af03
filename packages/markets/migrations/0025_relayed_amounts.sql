-- What is staked by the relays of opinions, so that those under way count against what their market's answer secures. Null of
-- pools' and of those from before.
alter table markets.relayed add column amount numeric(78, 0);
create index relayed_by_market on markets.relayed (market) where amount is not null;
