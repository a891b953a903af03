-- When a round was proved on the chain, so that charts can say when a market was drawn. Null of those that were read before.
alter table markets.seeds add column at bigint;
