-- What people say below a market, a pool or an opinion market. Not fed by logs: told by whoever was signed in. Times are the chain's,
-- in unix seconds, so that they stand in one row with what happened on it.
create table markets.comments (
  id         bigint generated always as identity primary key,
  market     text not null,
  -- the thread that it replies to; null: it began one
  parent     bigint,
  author     text not null,
  -- null: its author deleted it
  text       text,
  at         bigint not null,
  -- why the operator hides it; null: he does not
  hidden_why text
);
create index comments_by_market on markets.comments (market, id desc) where parent is null;
create index comments_by_parent on markets.comments (parent, id) where parent is not null;
create index comments_by_author on markets.comments (author, id desc);
create index comments_by_time on markets.comments (market, at);

-- One of each kind a person.
create table markets.reactions (
  comment bigint not null,
  who     text not null,
  kind    text not null check (kind in ('agree', 'disagree', 'insightful')),
  at      bigint not null,
  primary key (comment, kind, who)
);
create index reactions_by_who on markets.reactions (who, at);
