-- The other three terms of a question.
alter table oracle.questions
  drop constraint questions_aggregation_check,
  add constraint questions_aggregation_check check (aggregation in ('plurality', 'median', 'root')),
  add column domain integer not null,
  add column ends_early boolean not null,
  add column secures numeric(78, 0) not null;
