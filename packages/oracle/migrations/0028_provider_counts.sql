-- In how many answers of an epoch a seat is; and what somebody could have signed, on his page.
create index questions_by_epoch on oracle.questions (domain, epoch) include (seats) where state = 'answered';
