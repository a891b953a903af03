-- What the deployment's own analysts say of a market that waits for approval, asked for by a member. Not fed by logs, and nothing
-- is settled by it.
create table markets.relabellings (
  market      text primary key,
  asked_by    text not null,
  asked_at    bigint not null,
  -- whoever labels has it until then; null: it ended
  taken_until timestamptz,
  -- hash of the analysts and of the opinions: others begin anew
  asked_of    text not null,
  opinions    integer not null,
  -- of those, without a text here
  no_text     integer not null,
  -- canonical JSON of its sheet of labels; null: there is none
  sheet       text,
  -- why there is none
  code        text,
  why         text
);
