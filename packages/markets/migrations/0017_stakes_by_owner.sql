-- One wallet's stakes in the order in which it made them, those on one outcome beside each other.
create index activity_staked_by on markets.activity (who, market, outcome, block, log) where kind = 'staked';
