-- Who staked with a text: only the one who did alone may have it erased.
create index opinions_by_text on markets.opinions (opinion, owner);
