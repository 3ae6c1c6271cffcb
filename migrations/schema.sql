-- Generated from the migrations by `npm run docs`; for reading in diffs, never executed.

-- SQLite

CREATE TABLE case_claims (
  case_id text,
  staff_id text not null,
  claimed_at bigint not null,
  expires_at bigint not null,
  primary key (case_id)
);
CREATE INDEX case_claims_expires_at_index on case_claims (expires_at);
CREATE INDEX case_claims_staff_id_index on case_claims (staff_id);
CREATE TABLE events (
  id text,
  type text not null,
  subject text not null,
  payload text not null,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX events_expires_at_index on events (expires_at);
CREATE INDEX events_subject_id_index on events (subject, id);
CREATE TABLE evidence_views (
  id text,
  case_id text not null,
  account_id text not null,
  staff_id text not null,
  what text not null,
  target text,
  reason text not null,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX evidence_views_account_id_index on evidence_views (account_id);
CREATE INDEX evidence_views_case_id_id_index on evidence_views (case_id, id);
CREATE INDEX evidence_views_expires_at_index on evidence_views (expires_at);
CREATE TRIGGER evidence_views_append_only before update on evidence_views begin select raise(abort, 'append-only'); end;
CREATE TABLE jobs (
  id text,
  kind text not null,
  payload text not null,
  state text not null,
  attempts integer not null,
  run_at bigint not null,
  lease_until bigint,
  last_error text,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX jobs_expires_at_index on jobs (expires_at);
CREATE INDEX jobs_state_run_at_index on jobs (state, run_at);
CREATE TABLE review_decisions (
  id text,
  case_id text,
  account_id text,
  company_id text,
  staff_id text not null,
  kind text not null,
  reasons text not null,
  message blob,
  note blob,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX review_decisions_account_id_index on review_decisions (account_id);
CREATE INDEX review_decisions_case_id_index on review_decisions (case_id);
CREATE INDEX review_decisions_company_id_index on review_decisions (company_id);
CREATE INDEX review_decisions_expires_at_index on review_decisions (expires_at);
CREATE TRIGGER review_decisions_append_only before update on review_decisions begin select raise(abort, 'append-only'); end;
CREATE TABLE staff (
  id text,
  login text not null,
  name blob not null,
  role text not null,
  state text not null,
  password_hash blob not null,
  password_expires_at bigint,
  totp_secret blob not null,
  totp_step bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  last_signed_in_at bigint,
  primary key (id)
);
CREATE UNIQUE INDEX staff_login_unique on staff (login);
CREATE TABLE staff_attempts (
  id text,
  key_index text not null,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX staff_attempts_expires_at_index on staff_attempts (expires_at);
CREATE INDEX staff_attempts_key_index_occurred_at_index on staff_attempts (key_index, occurred_at);
CREATE TABLE staff_sessions (
  token_index text,
  staff_id text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  idle_until bigint not null,
  expires_at bigint not null,
  primary key (token_index)
);
CREATE INDEX staff_sessions_expires_at_index on staff_sessions (expires_at);
CREATE INDEX staff_sessions_staff_id_index on staff_sessions (staff_id);
CREATE TABLE subject_keys (
  subject text,
  kek text not null,
  wrapped blob not null,
  created_at bigint not null,
  primary key (subject)
);
CREATE INDEX subject_keys_kek_index on subject_keys (kek);

-- PostgreSQL

create table case_claims (
  case_id text not null,
  staff_id text not null,
  claimed_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX case_claims_expires_at_index ON case_claims USING btree (expires_at);
CREATE INDEX case_claims_staff_id_index ON case_claims USING btree (staff_id);
CREATE UNIQUE INDEX case_claims_pkey ON case_claims USING btree (case_id);
create table events (
  id text not null,
  type text not null,
  subject text not null,
  payload text not null,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX events_expires_at_index ON events USING btree (expires_at);
CREATE INDEX events_subject_id_index ON events USING btree (subject, id);
CREATE UNIQUE INDEX events_pkey ON events USING btree (id);
create table evidence_views (
  id text not null,
  case_id text not null,
  account_id text not null,
  staff_id text not null,
  what text not null,
  target text,
  reason text not null,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX evidence_views_account_id_index ON evidence_views USING btree (account_id);
CREATE INDEX evidence_views_case_id_id_index ON evidence_views USING btree (case_id, id);
CREATE INDEX evidence_views_expires_at_index ON evidence_views USING btree (expires_at);
CREATE UNIQUE INDEX evidence_views_pkey ON evidence_views USING btree (id);
create table jobs (
  id text not null,
  kind text not null,
  payload text not null,
  state text not null,
  attempts integer not null,
  run_at bigint not null,
  lease_until bigint,
  last_error text,
  created_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX jobs_expires_at_index ON jobs USING btree (expires_at);
CREATE INDEX jobs_state_run_at_index ON jobs USING btree (state, run_at);
CREATE UNIQUE INDEX jobs_pkey ON jobs USING btree (id);
create table review_decisions (
  id text not null,
  case_id text,
  account_id text,
  company_id text,
  staff_id text not null,
  kind text not null,
  reasons text not null,
  message bytea,
  note bytea,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX review_decisions_account_id_index ON review_decisions USING btree (account_id);
CREATE INDEX review_decisions_case_id_index ON review_decisions USING btree (case_id);
CREATE INDEX review_decisions_company_id_index ON review_decisions USING btree (company_id);
CREATE INDEX review_decisions_expires_at_index ON review_decisions USING btree (expires_at);
CREATE UNIQUE INDEX review_decisions_pkey ON review_decisions USING btree (id);
create table staff (
  id text not null,
  login text not null,
  name bytea not null,
  role text not null,
  state text not null,
  password_hash bytea not null,
  password_expires_at bigint,
  totp_secret bytea not null,
  totp_step bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  last_signed_in_at bigint
);
CREATE UNIQUE INDEX staff_login_unique ON staff USING btree (login);
CREATE UNIQUE INDEX staff_pkey ON staff USING btree (id);
create table staff_attempts (
  id text not null,
  key_index text not null,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX staff_attempts_expires_at_index ON staff_attempts USING btree (expires_at);
CREATE INDEX staff_attempts_key_index_occurred_at_index ON staff_attempts USING btree (key_index, occurred_at);
CREATE UNIQUE INDEX staff_attempts_pkey ON staff_attempts USING btree (id);
create table staff_sessions (
  token_index text not null,
  staff_id text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  idle_until bigint not null,
  expires_at bigint not null
);
CREATE INDEX staff_sessions_expires_at_index ON staff_sessions USING btree (expires_at);
CREATE INDEX staff_sessions_staff_id_index ON staff_sessions USING btree (staff_id);
CREATE UNIQUE INDEX staff_sessions_pkey ON staff_sessions USING btree (token_index);
create table subject_keys (
  subject text not null,
  kek text not null,
  wrapped bytea not null,
  created_at bigint not null
);
CREATE INDEX subject_keys_kek_index ON subject_keys USING btree (kek);
CREATE UNIQUE INDEX subject_keys_pkey ON subject_keys USING btree (subject);
