-- When stances can be told no more: counted every few seconds, of all markets that there ever were.
create index opinion_markets_by_reveal_end on markets.opinion_markets ((closes_at + reveal_seconds));
