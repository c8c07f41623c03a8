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
  as_of text,
  clock_ahead_seconds integer not null default 0,
  refused text,
  refused_tracking_id text
) strict, without rowid;

-- Enterprises with what Webex said last of their synchronisation; the status as JSON.
create table directory_sync_enterprises (
  organisation text not null references organisations (id) on delete cascade,
  key text not null,
  id text not null,
  org_id text,
  sp_enterprise_id text not null,
  enabled integer not null,
  status text not null,
  as_of text not null,
  primary key (organisation, key)
) strict, without rowid;

-- Synchronisations this desktop asked for. What came of one is told by Webex's start time and tracking id.
create table directory_sync_requests (
  id text primary key not null,
  organisation text not null references organisations (id) on delete cascade,
  enterprise text not null,
  asked_at text not null,
  who text not null,
  transaction_id text,
  -- Webex's own words about the synchronisation that was there when it was asked, and about the one that followed.
  before_started_at text,
  started_at text,
  tracking_id text,
  ended_at text,
  outcome text check (outcome in ('sending', 'accepted', 'refused', 'succeeded', 'failed', 'lost'))
) strict, without rowid;
create index directory_sync_requests_enterprise on directory_sync_requests (organisation, enterprise, asked_at);
