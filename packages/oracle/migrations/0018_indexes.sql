-- questions_by_finality holds the same and more.
drop index oracle.questions_to_hold;
-- The disputes of one account are a page of its portfolio.
create index disputes_by_disputer on oracle.disputes (disputer, block desc, log desc);
