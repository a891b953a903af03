-- Makers by whose doing a match failed: until then the keeper matches none of their orders, those that they sign meanwhile included.
create table markets.outcome_makers_aside (
  maker  text primary key,
  until_ bigint not null
);
