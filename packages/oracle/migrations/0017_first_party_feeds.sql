-- Of feeds that the owner of a source tells: who signs, and the id of the same terms without him, which is what he signs.
alter table oracle.feeds
  add column signer text,
  add column template text;
