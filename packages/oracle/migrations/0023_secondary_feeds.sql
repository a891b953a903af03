-- The feed that this one is held against, by its terms; null: none. What is known of feeds without one is all there is.
alter table oracle.feeds add column secondary text;
