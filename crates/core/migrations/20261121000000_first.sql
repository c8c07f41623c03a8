-- Times are RFC 3339 UTC text. Ids of ours are UUIDs (version 7) as text; ids of Webex are kept as they came.

create table preferences (
  id   integer primary key not null check (id = 1),
  json text not null
) strict;

-- How the data key is kept, and a sealed known text that proves a key right.
create table vault (
  id     integer primary key not null check (id = 1),
  key_in text not null check (key_in in ('keychain', 'passphrase')),
  salt   blob,
  memory_kib integer, passes integer, lanes integer,
  proof  blob not null
) strict;

create table organisations (
  id text primary key not null,
  name text not null,
  name_key text not null unique,
  wholesale integer not null default 0,
  contact_center integer not null default 0,
  contact_center_region text,
  account_number text,
  internal_id text,
  admin_email text,
  http_proxy_masked text,
  https_proxy_masked text,
  default_calling_behaviour text,
  email_domain text,
  directory_sync_enabled integer not null default 0,
  sync_on_create integer not null default 1,
  notes text,
  environment text not null,
  client_id text,
  consent_state text not null default 'none' check (consent_state in ('none', 'granted', 'needed')),
  consent_reason text,
  consent_since text,
  scopes text,
  access_token_expires_at text,
  refresh_token_expires_at text,
  consented_at text,
  refreshed_at text,
  last_sync_at text,
  created_at text not null
) strict;

-- Sealed with the data key; organisation and field are associated data. `token_version` lets a process see that
-- another one has rotated the tokens.
create table secrets (
  organisation text not null references organisations (id) on delete cascade,
  field text not null,
  sealed blob not null,
  primary key (organisation, field)
) strict, without rowid;

-- A Retry-After outlives the process that met it.
create table rate_gates (
  organisation text primary key not null references organisations (id) on delete cascade,
  held_until text,
  learned_rate real
) strict;

create table transactions (
  id text primary key not null,
  kind text not null,
  title text not null,
  organisation text,
  organisation_name text,
  who text not null,
  state text not null,
  started_at text not null,
  ended_at text,
  failure text,
  tracking_ids text not null default '[]',
  run text
) strict;
create index transactions_started on transactions (started_at);

create table transaction_steps (
  transaction_id text not null references transactions (id) on delete cascade,
  position integer not null,
  name text not null,
  state text not null,
  done integer not null default 0,
  total integer,
  detail text,
  primary key (transaction_id, position)
) strict, without rowid;

-- Append-only and hash-chained: each hash covers the one before.
create table audit_log (
  seq integer primary key autoincrement not null,
  at text not null,
  who text not null,
  organisation text,
  event text not null,
  detail text not null,
  hash text not null
) strict;
create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'the audit log is append-only'); end;

-- A part of the mirror is the rows of its current generation; a sync fills the next one and then switches.
create table mirror_parts (
  organisation text not null references organisations (id) on delete cascade,
  kind text not null,
  generation integer not null default 0,
  -- The highest generation a sync has begun; two syncs at once never share one.
  reserved integer not null default 0,
  as_of text,
  count integer not null default 0,
  primary key (organisation, kind)
) strict, without rowid;

create table mirror_roles (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  id text not null,
  name text not null,
  primary key (organisation, generation, id)
) strict, without rowid;

create table mirror_licences (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  id text not null,
  position integer not null,
  name text not null,
  total integer not null,
  consumed integer not null,
  subscription text,
  primary key (organisation, generation, id)
) strict, without rowid;

create table mirror_locations (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  id text not null,
  key text not null,
  name text not null,
  calling_enabled integer not null,
  routing_prefix text,
  city text,
  country text,
  primary key (organisation, generation, id)
) strict, without rowid;

-- `key` columns hold what ids are compared by: the UUID inside, or the number of a legacy location.
create table mirror_people (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  id text not null,
  key text not null,
  display_name text not null,
  name_key text not null,
  email text,
  extension text,
  number text,
  location_key text,
  licences text not null,
  invite_pending integer not null default 0,
  primary key (organisation, generation, id)
) strict, without rowid;
create index mirror_people_name on mirror_people (organisation, generation, name_key);

create table mirror_numbers (
  organisation text not null references organisations (id) on delete cascade,
  generation integer not null,
  position integer not null,
  phone_number text,
  digits text,
  extension text,
  location_id text,
  location_key text,
  owner_key text,
  owner_type text,
  owner_name text,
  state text,
  primary key (organisation, generation, position)
) strict, without rowid;

create table bulk_assignments (
  id text primary key not null,
  name text not null,
  organisation text references organisations (id) on delete cascade,
  location text,
  calling_licence text,
  add_ons text not null default '[]',
  total_users integer not null default 0,
  -- The latest run; without one the template is a draft.
  run text,
  -- Grows with every change of files or edits.
  version integer not null default 0,
  created_at text not null,
  changed_at text not null
) strict;

create table bulk_assignment_files (
  template text not null references bulk_assignments (id) on delete cascade,
  position integer not null,
  name text not null,
  path text,
  bytes integer not null,
  sha256 text not null,
  content blob not null,
  primary key (template, position)
) strict;

-- What was edited since the files were read, in order; an undo removes the last.
create table bulk_assignment_edits (
  template text not null references bulk_assignments (id) on delete cascade,
  position integer not null,
  edit text not null,
  primary key (template, position)
) strict, without rowid;

create table runs (
  id text primary key not null,
  template text,
  name text not null,
  organisation text not null,
  organisation_name text not null,
  state text not null check (state in ('running', 'paused', 'cancelled', 'completed')),
  hold text,
  verifying integer not null default 0,
  who text not null,
  -- What every row gets: location, calling licence, add-ons, as JSON. Never changed after the start.
  spec text not null,
  plan_hash text not null,
  file_hashes text not null,
  rows integer not null,
  requests integer not null default 0,
  throttled integer not null default 0,
  slow_seconds integer not null default 0,
  samples text not null default '[]',
  transaction_id text,
  started_at text not null,
  ended_at text
) strict;

create table run_items (
  run text not null references runs (id) on delete cascade,
  row integer not null,
  state text not null check (state in ('pending', 'sending', 'assigned', 'already_assigned', 'failed', 'skipped', 'unknown')),
  file integer not null,
  file_row integer not null,
  ext_key text not null,
  identity text not null,
  number text,
  -- The number as the location's inventory has it: what is sent.
  inventory_number text,
  person_id text,
  person_key text,
  user text,
  -- Ids of the licences to add, as JSON; properties go with the calling licence.
  licences text not null,
  code text,
  message text,
  status integer,
  webex_code text,
  tracking_id text,
  attempts integer not null default 0,
  sent_at text,
  started_at text,
  finished_at text,
  primary key (run, row)
) strict, without rowid;
create index run_items_state on run_items (run, state);
