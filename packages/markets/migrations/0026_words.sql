-- Words of what people wrote, as they stand and by their stems in three languages: no language is guessed, for a wrong guess loses what
-- a right one finds.
create function markets.words_of(said text) returns tsvector language sql immutable strict parallel safe as $$
  select to_tsvector('pg_catalog.simple', said) || to_tsvector('pg_catalog.english', said)
    || to_tsvector('pg_catalog.german', said) || to_tsvector('pg_catalog.spanish', said)
$$;
-- What is searched for, in the same ways: each language leaves its own stop words out, and any of them may match.
create function markets.asked_words(said text) returns tsquery language sql immutable strict parallel safe as $$
  select websearch_to_tsquery('pg_catalog.simple', said) || websearch_to_tsquery('pg_catalog.english', said)
    || websearch_to_tsquery('pg_catalog.german', said) || websearch_to_tsquery('pg_catalog.spanish', said)
$$;
-- Of the bytes of a text; null of what is none, which is kept all the same.
create function markets.words_in(bytes bytea) returns tsvector language plpgsql immutable strict as $$
begin
  return markets.words_of(convert_from(bytes, 'UTF8'));
exception when others then
  return null;
end $$;

-- Made of the bytes and of nothing else: they go when the text is erased or forgotten. Without a list of what is not yet sorted in, which
-- every search would read through.
alter table markets.contents add column words tsvector
  generated always as (case when kind = 'opinion' then markets.words_in(bytes) end) stored;
create index contents_by_words on markets.contents using gin (words) with (fastupdate = off) where words is not null;

alter table markets.opinion_markets add column words tsvector
  generated always as (markets.words_of(statement)) stored;
drop index markets.opinion_markets_by_words;
create index opinion_markets_by_words on markets.opinion_markets using gin (words) with (fastupdate = off);
