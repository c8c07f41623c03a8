-- What activation shows of people.
alter table mirror_people add column first_name text;
alter table mirror_people add column last_name text;
alter table mirror_people add column status text;

-- Licensed users of an organisation, joined when they were copied; a whole copy is a generation, as in mirror_parts.
create table activation_copies (
  organisation text primary key not null references organisations (id) on delete cascade,
  source text not null check (source in ('broadworks', 'wholesale', 'people')),
  generation integer not null default 0,
  -- The highest generation a copy has begun; two at once never share one.
  reserved integer not null default 0,
  as_of text,
  -- Why Webex refused the list, in sentences; null since a copy worked.
  refused text,
  refused_tracking_id text,
  -- Grows with every change of a row, so that what is kept in memory follows.
  changed integer not null default 0
) strict, without rowid;

create table activation_users (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  key text not null,
  id text not null,
  person_key text,
  location text,
  licence text,
  service_type text,
  service_id text,
  extension text,
  first_name text,
  last_name text,
  email text,
  state text not null,
  -- As JSON.
  errors text not null default '[]',
  numbers text not null default '[]',
  enterprise text,
  self_activated integer,
  last_status_change text,
  as_of text not null,
  -- When Webex was asked for what stands here: of two answers the later one counts.
  seen_at text not null,
  -- Webex knows it no more; kept until the next copy, so that what is kept in memory learns of it.
  gone integer not null default 0,
  -- The value of activation_copies.changed that brought this row.
  changed integer not null default 0,
  primary key (organisation, generation, key)
) strict, without rowid;
create index activation_users_changed on activation_users (organisation, generation, changed);

-- The counts of a day (UTC) as they were last known on it.
create table activation_days (
  organisation text not null references organisations (id) on delete cascade,
  day text not null,
  total integer not null,
  email_entered integer not null,
  email_validated integer not null,
  provisioned integer not null,
  primary key (organisation, day)
) strict, without rowid;

create table directory_sync_copies (
  organisation text primary key not null references organisations (id) on delete cascade,
  -- Counts observations; of two of an enterprise the one begun later counts.
  observed integer not null default 0,
  as_of text,
  -- Webex's clock when it was last asked, and how far it was ahead of this computer's.
  webex_time text,
  clock_ahead_seconds integer not null default 0,
  refused text,
  refused_tracking_id text
) strict, without rowid;

-- Enterprises with what Webex said last of their synchronisation, as JSON; null where it said nothing.
create table directory_sync_enterprises (
  organisation text not null references organisations (id) on delete cascade,
  key text not null,
  id text not null,
  observed integer not null,
  org_id text,
  sp_enterprise_id text not null,
  enabled integer not null,
  told text,
  as_of text not null,
  primary key (organisation, key)
) strict, without rowid;

-- Synchronisations this desktop asked for. Times are Webex's.
create table directory_sync_requests (
  id text primary key not null,
  organisation text not null references organisations (id) on delete cascade,
  enterprise text not null,
  asked_at text not null,
  who text not null,
  -- The last transaction that carried it, and the one that follows it now.
  transaction_id text not null,
  followed_by text,
  -- The tracking id of the request.
  sent_tracking_id text,
  -- What Webex said of the synchronisation before, as JSON, and then of the one that came of it.
  before text not null,
  started_at text,
  tracking_id text,
  -- From when on it holds.
  ended_at text,
  -- 'waiting' was not sent; 'sending' may have been; 'accepted' and 'running' are open as well.
  outcome text not null check
    (outcome in ('waiting', 'sending', 'accepted', 'running', 'refused', 'succeeded', 'failed', 'lost'))
) strict, without rowid;
create index directory_sync_requests_enterprise on directory_sync_requests (organisation, enterprise, asked_at);
-- One at a time, in every process on the data folder.
create unique index directory_sync_requests_open on directory_sync_requests (organisation, enterprise)
  where outcome in ('waiting', 'sending', 'accepted', 'running');
