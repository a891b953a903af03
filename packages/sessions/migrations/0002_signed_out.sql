-- Who signed out everywhere: every session up to this one is ended, also those that had run out and are forgotten.
create table sessions.signed_out (
  address text primary key,
  up_to   bigint not null
);
