-- Creators' fees that nobody collected yet: with what is due to opinions and to winners, all that a block's look at payments starts from.
create index opinion_markets_fee_open on markets.opinion_markets (id) where ending <> 'void' and not fee_paid and total * fee_bps >= 10000;
