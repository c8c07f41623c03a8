-- Who consented, and since when the present refresh token is known.
alter table organisations add column consented_by text;
alter table organisations add column refresh_token_since text;
-- Of an older consent only its beginning is known.
update organisations set refresh_token_since = consented_at
  where exists (select 1 from secrets where organisation = organisations.id and field = 'refresh_token');
-- A certificate authority of the organisation's network, PEM. Public, so not sealed.
alter table organisations add column ca_name text;
alter table organisations add column ca_pem text;

-- Renewals of the access token since the last consent, for the picture of a token's life.
create table token_refreshes (
  organisation text not null references organisations (id) on delete cascade,
  at text not null,
  primary key (organisation, at)
) strict, without rowid;

-- What is done by itself. Made with the organisation, gone with it.
create table schedules (
  id text primary key not null,
  organisation text not null references organisations (id) on delete cascade,
  kind text not null check (kind in ('token_refresh', 'mirror_sync', 'wholesale_sync')),
  paused integer not null default 0,
  -- 0: not by itself.
  every_minutes integer not null,
  next_at text,
  last_started_at text,
  last_ended_at text,
  last_outcome text check (last_outcome in ('succeeded', 'failed', 'skipped')),
  last_message text,
  last_transaction text,
  -- Failures since the last success, and when the first of them was.
  failures integer not null default 0,
  failing_since text,
  unique (organisation, kind)
) strict;
create index schedules_next on schedules (next_at) where paused = 0;

-- Which warnings were put away in the window or shown on the desktop. Warnings themselves are worked out.
create table notices (
  id text primary key not null,
  organisation text references organisations (id) on delete cascade,
  dismissed_at text,
  shown_at text
) strict;

-- Customers of a wholesale organisation, as Webex told them last. `key` is what ids are compared by.
create table wholesale_customers (
  organisation text not null references organisations (id) on delete cascade,
  key text not null,
  id text not null,
  -- The number of the observation it comes from, see wholesale_copies.
  observed integer not null,
  org_id text,
  org_key text,
  org_name text,
  external_id text,
  status text not null,
  -- Address, packages, resource details and errors as JSON.
  address text,
  packages text not null default '[]',
  resource_details text not null default '[]',
  errors text not null default '[]',
  -- What is sorted by and searched in, folded.
  name_key text,
  external_key text,
  haystack text not null,
  as_of text not null,
  primary key (organisation, key)
) strict, without rowid;
-- Observations are numbered when they begin: of two of one customer, the one begun later counts.
create table wholesale_copies (
  organisation text primary key not null references organisations (id) on delete cascade,
  observed integer not null default 0,
  -- When the list was last copied as a whole.
  as_of text
) strict, without rowid;
-- Changes of customers that are not settled yet, one a customer. Without a transaction nobody follows it.
create table wholesale_changes (
  organisation text not null references organisations (id) on delete cascade,
  customer text not null,
  transaction_id text,
  phase text not null check (phase in ('checking', 'sending', 'accepted')),
  -- What was asked for, as JSON.
  change text not null,
  primary key (organisation, customer)
) strict, without rowid;

-- Lists of transactions: newest first, alone or of one kind, state or organisation.
drop index transactions_started;
create index transactions_started on transactions (started_at, id);
create index transactions_kind on transactions (kind, started_at, id);
create index transactions_state on transactions (state, started_at, id);
create index transactions_organisation on transactions (organisation, started_at, id);
-- What a search looks at, in lower case of any script, which SQLite's own lower() is not.
alter table transactions add column search text not null default '';
update transactions set search = lower(title || ' ' || coalesce(organisation_name, '') || ' ' || who || ' ' || tracking_ids);
-- How often a step was tried; nothing of a step that was done is done again.
alter table transaction_steps add column attempts integer not null default 0;
update transaction_steps set attempts = 1 where state <> 'pending';
