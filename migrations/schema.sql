-- Generated from the migrations by `npm run docs`; for reading in diffs, never executed.

-- SQLite

CREATE TABLE acceptances (
  account_id text not null,
  policy text not null,
  version text not null,
  language text not null,
  accepted_at bigint not null,
  foreign key(account_id) references accounts(id),
  primary key (account_id, policy, version)
);
CREATE TABLE accounts (
  id text,
  state text not null,
  phone blob not null,
  phone_index text not null,
  phone_verified_at bigint not null,
  is_candidate integer not null,
  is_recruiter integer not null,
  resume_complete integer not null,
  locale text not null,
  profile blob,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (id)
);
CREATE UNIQUE INDEX accounts_phone_index_unique on accounts (phone_index);
CREATE TABLE acting_choices (
  account_id text not null,
  client_id text not null,
  company_id text not null,
  chosen_at bigint not null,
  primary key (account_id, client_id)
);
CREATE TABLE artifacts (
  key blob,
  model text not null,
  grant_key blob,
  uid_key blob,
  session_key blob,
  account_id text,
  payload text not null,
  consumed_at bigint,
  expires_at bigint not null,
  primary key (key)
);
CREATE INDEX artifacts_account on artifacts (account_id) where account_id is not null;
CREATE INDEX artifacts_expires_at_index on artifacts (expires_at);
CREATE INDEX artifacts_grant on artifacts (grant_key) where grant_key is not null;
CREATE INDEX artifacts_uid on artifacts (uid_key) where uid_key is not null;
CREATE TABLE audit_ends (
  kind text,
  sequence bigint not null,
  hash text not null,
  mac text,
  primary key (kind)
);
CREATE TABLE audit_log (
  sequence bigint,
  occurred_at bigint not null,
  actor text not null,
  action text not null,
  target text,
  details text not null,
  previous_hash text not null,
  hash text not null,
  primary key (sequence)
);
CREATE INDEX audit_log_action_sequence_index on audit_log (action, sequence);
CREATE INDEX audit_log_occurred_at_index on audit_log (occurred_at);
CREATE TRIGGER audit_log_anchored before delete on audit_log
   when old.sequence > (select sequence from audit_ends where kind = 'anchor')
   begin select raise(abort, 'append-only'); end;
CREATE TRIGGER audit_log_append_only before update on audit_log
   begin select raise(abort, 'append-only'); end;
CREATE TABLE authority_checks (
  reference text,
  case_id text not null,
  round integer not null,
  source text not null,
  outcome text,
  code text,
  vendor_reference text,
  face_similarity float,
  attempts integer not null,
  asked_at bigint not null,
  answered_at bigint,
  lease_until bigint not null,
  kind text not null default 'authority',
  registered text,
  primary key (reference)
);
CREATE INDEX authority_checks_case_id_index on authority_checks (case_id);
CREATE UNIQUE INDEX authority_checks_case_id_round_kind_unique on authority_checks (case_id, round, kind);
CREATE TABLE case_claims (
  case_id text,
  staff_id text not null,
  claimed_at bigint not null,
  expires_at bigint not null,
  primary key (case_id)
);
CREATE INDEX case_claims_expires_at_index on case_claims (expires_at);
CREATE INDEX case_claims_staff_id_index on case_claims (staff_id);
CREATE TABLE challenges (
  id text,
  purpose text not null,
  context text not null,
  code_hash text not null,
  attempts integer not null,
  consumed_at bigint,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX challenges_expires_at_index on challenges (expires_at);
CREATE TABLE clients (
  id text,
  name text not null,
  metadata text not null,
  secret_digest text,
  first_party integer not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (id)
);
CREATE TABLE companies (
  id text,
  credit_code text not null,
  name text not null,
  state text not null,
  verified_at bigint,
  recheck_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  account_class text not null default 'own',
  next_change_at bigint,
  reminders integer not null default '0',
  administered_at bigint,
  primary key (id)
);
CREATE UNIQUE INDEX companies_credit_code_unique on companies (credit_code);
CREATE INDEX companies_next_change_at_index on companies (next_change_at);
CREATE INDEX companies_recheck_at_index on companies (recheck_at);
CREATE TABLE company_activity (
  id text,
  company_id text not null,
  action text not null,
  actor text not null,
  membership_id text,
  detail text,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX company_activity_company_id_id_index on company_activity (company_id, id);
CREATE INDEX company_activity_expires_at_index on company_activity (expires_at);
CREATE TABLE company_check_pictures (
  id text,
  check_id text not null,
  state text not null,
  width integer not null,
  height integer not null,
  complaint text,
  thumbnail blob,
  created_at bigint not null,
  destroy_at bigint,
  primary key (id)
);
CREATE INDEX company_check_pictures_check_id_index on company_check_pictures (check_id);
CREATE INDEX company_check_pictures_destroy_at_index on company_check_pictures (destroy_at);
CREATE INDEX company_check_pictures_state_created_at_index on company_check_pictures (state, created_at);
CREATE TABLE company_checks (
  id text,
  company_id text not null,
  account_id text not null,
  kind text not null,
  state text not null,
  live_key text,
  version integer not null,
  details blob not null,
  findings text not null,
  attempts integer not null,
  decided_by text,
  reason text,
  created_at bigint not null,
  submitted_at bigint,
  decided_at bigint,
  claimed_by text,
  claimed_at bigint,
  claim_expires_at bigint,
  expires_at bigint,
  primary key (id)
);
CREATE INDEX company_checks_account_id_company_id_index on company_checks (account_id, company_id);
CREATE INDEX company_checks_company_id_kind_created_at_index on company_checks (company_id, kind, created_at);
CREATE INDEX company_checks_expires_at_index on company_checks (expires_at);
CREATE UNIQUE INDEX company_checks_live_key_unique on company_checks (live_key);
CREATE INDEX company_checks_state_submitted_at_index on company_checks (state, submitted_at);
CREATE TABLE company_details (
  company_id text not null,
  field text not null,
  valid_from bigint not null,
  valid_until bigint,
  value blob not null,
  source text not null,
  next_notice_at bigint,
  primary key (company_id, field, valid_from)
);
CREATE INDEX company_details_next_notice_at_index on company_details (next_notice_at);
CREATE TABLE company_domains (
  company_id text not null,
  domain text not null,
  bound_by text not null,
  bound_at bigint not null,
  foreign key(company_id) references companies(id),
  primary key (company_id, domain)
);
CREATE TABLE company_email_proofs (
  account_id text not null,
  company_id text not null,
  domain text not null,
  address blob not null,
  address_index text not null,
  proved_at bigint not null,
  expires_at bigint not null,
  foreign key(account_id) references accounts(id),
  foreign key(company_id) references companies(id),
  primary key (account_id, company_id)
);
CREATE UNIQUE INDEX company_email_proofs_company_id_address_index_unique on company_email_proofs (company_id, address_index);
CREATE INDEX company_email_proofs_company_id_domain_index on company_email_proofs (company_id, domain);
CREATE INDEX company_email_proofs_expires_at_index on company_email_proofs (expires_at);
CREATE TABLE company_email_requests (
  account_id text not null,
  company_id text not null,
  challenge_id text not null,
  message_id text not null,
  domain text not null,
  address blob not null,
  code_expires_at bigint not null,
  expires_at bigint not null,
  foreign key(account_id) references accounts(id),
  foreign key(company_id) references companies(id),
  primary key (account_id, company_id)
);
CREATE INDEX company_email_requests_expires_at_index on company_email_requests (expires_at);
CREATE TABLE company_invitations (
  id text,
  company_id text not null,
  token_hash text not null,
  role text not null,
  invited_by text not null,
  member_until bigint,
  created_at bigint not null,
  accepted_at bigint,
  accepted_by text,
  withdrawn_at bigint,
  expires_at bigint not null,
  kept_until bigint not null,
  primary key (id)
);
CREATE INDEX company_invitations_company_id_id_index on company_invitations (company_id, id);
CREATE INDEX company_invitations_kept_until_index on company_invitations (kept_until);
CREATE UNIQUE INDEX company_invitations_token_hash_unique on company_invitations (token_hash);
CREATE TABLE company_names (
  company_id text not null,
  name text not null,
  first_given_at bigint not null,
  primary key (company_id, name)
);
CREATE TABLE consents (
  account_id text not null,
  client_id text not null,
  granted text not null,
  granted_at bigint not null,
  updated_at bigint not null,
  subject text,
  primary key (account_id, client_id)
);
CREATE INDEX consents_client_id_index on consents (client_id);
CREATE INDEX consents_client_id_subject_index on consents (client_id, subject);
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
CREATE INDEX events_occurred_at_index on events (occurred_at);
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
CREATE TABLE inbox_mails (
  id text,
  address blob not null,
  address_index text not null,
  body blob not null,
  received_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX inbox_mails_address_index_received_at_index on inbox_mails (address_index, received_at);
CREATE INDEX inbox_mails_expires_at_index on inbox_mails (expires_at);
CREATE TABLE inbox_messages (
  id text,
  phone blob not null,
  phone_index text not null,
  body blob not null,
  received_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX inbox_messages_expires_at_index on inbox_messages (expires_at);
CREATE INDEX inbox_messages_phone_index_received_at_index on inbox_messages (phone_index, received_at);
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
CREATE TABLE limits (
  key text,
  hits text not null,
  expires_at bigint not null,
  primary key (key)
);
CREATE INDEX limits_expires_at_index on limits (expires_at);
CREATE TABLE mails (
  id text,
  state text not null,
  reason text,
  address blob not null,
  body blob not null,
  attempts integer not null,
  lease_until bigint,
  vendor_id text,
  vendor_code text,
  valid_until bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX mails_expires_at_index on mails (expires_at);
CREATE TABLE memberships (
  id text,
  account_id text not null,
  company_id text not null,
  role text not null,
  state text not null,
  case_id text,
  valid_until bigint,
  activated_at bigint,
  ended_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  evidence text,
  ended_reason text,
  next_change_at bigint,
  primary key (id)
);
CREATE UNIQUE INDEX memberships_account_id_company_id_unique on memberships (account_id, company_id);
CREATE INDEX memberships_case_id_index on memberships (case_id);
CREATE INDEX memberships_company_id_index on memberships (company_id);
CREATE INDEX memberships_next_change_at_index on memberships (next_change_at);
CREATE TABLE messages (
  id text,
  state text not null,
  reason text,
  phone blob not null,
  body blob not null,
  attempts integer not null,
  lease_until bigint,
  vendor_id text,
  vendor_code text,
  valid_until bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX messages_expires_at_index on messages (expires_at);
CREATE TABLE oidc_secrets (
  id text,
  value blob not null,
  created_at bigint not null,
  primary key (id)
);
CREATE TABLE passwords (
  account_id text,
  hash blob not null,
  changed_at bigint not null,
  primary key (account_id)
);
CREATE TABLE person_verifications (
  account_id text,
  state text not null,
  level text not null,
  method text not null,
  claims blob not null,
  number_index text,
  verified_at bigint not null,
  valid_until bigint,
  case_id text not null,
  revoked_at bigint,
  revoked_reason text,
  expires_at bigint,
  primary key (account_id)
);
CREATE INDEX person_verifications_expires_at_index on person_verifications (expires_at);
CREATE UNIQUE INDEX person_verifications_number_index_unique on person_verifications (number_index);
CREATE INDEX person_verifications_state_valid_until_index on person_verifications (state, valid_until);
CREATE TABLE receipts (
  id text,
  account_id text not null,
  purpose text not null,
  granted integer not null,
  version text not null,
  language text not null,
  occurred_at bigint not null,
  primary key (id)
);
CREATE INDEX receipts_account_id_id_index on receipts (account_id, id);
CREATE TABLE recruiter_facts (
  account_id text not null,
  valid_from bigint not null,
  valid_until bigint,
  facts text not null,
  primary key (account_id, valid_from)
);
CREATE UNIQUE INDEX recruiter_facts_current on recruiter_facts (account_id) where valid_until is null;
CREATE INDEX recruiter_facts_valid_until_index on recruiter_facts (valid_until);
CREATE TABLE recruiter_holds (
  account_id text,
  reason text not null,
  set_by text not null,
  set_at bigint not null,
  note blob,
  appeal blob,
  appealed_at bigint,
  refused_by text,
  refused_at bigint,
  primary key (account_id)
);
CREATE INDEX recruiter_holds_appealed_at_index on recruiter_holds (appealed_at);
CREATE TABLE recruiter_statuses (
  account_id text,
  status text not null,
  reasons text not null,
  next_step text not null,
  company_id text,
  company_code text,
  requirements text not null,
  derived_at bigint not null,
  recheck_at bigint,
  companies text not null default '[]',
  primary key (account_id)
);
CREATE INDEX recruiter_statuses_recheck_at_index on recruiter_statuses (recheck_at);
CREATE TABLE resource_scopes (
  resource text not null,
  scope text not null,
  requires text not null,
  machine integer not null,
  titles text not null,
  foreign key(resource) references resources(identifier) on delete CASCADE,
  primary key (resource, scope)
);
CREATE TABLE resources (
  identifier text,
  name text not null,
  token_format text not null,
  token_lifetime integer not null,
  primary key (identifier)
);
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
  first_staff_id text,
  policy_version text,
  primary key (id)
);
CREATE INDEX review_decisions_account_id_index on review_decisions (account_id);
CREATE INDEX review_decisions_case_id_index on review_decisions (case_id);
CREATE INDEX review_decisions_company_id_index on review_decisions (company_id);
CREATE INDEX review_decisions_expires_at_index on review_decisions (expires_at);
CREATE INDEX review_decisions_occurred_at_index on review_decisions (occurred_at);
CREATE TRIGGER review_decisions_append_only before update on review_decisions begin select raise(abort, 'append-only'); end;
CREATE TABLE review_opinions (
  id text,
  case_id text not null,
  account_id text not null,
  staff_id text not null,
  case_version integer not null,
  kind text not null,
  cause text not null,
  reasons text not null,
  message blob,
  note blob,
  policy_version text not null,
  occurred_at bigint not null,
  expires_at bigint not null,
  primary key (id)
);
CREATE INDEX review_opinions_account_id_index on review_opinions (account_id);
CREATE UNIQUE INDEX review_opinions_case_id_case_version_staff_id_unique on review_opinions (case_id, case_version, staff_id);
CREATE INDEX review_opinions_expires_at_index on review_opinions (expires_at);
CREATE TRIGGER review_opinions_append_only before update on review_opinions begin select raise(abort, 'append-only'); end;
CREATE TABLE sign_ins (
  uid text,
  state blob,
  expires_at bigint not null,
  primary key (uid)
);
CREATE INDEX sign_ins_expires_at_index on sign_ins (expires_at);
CREATE TABLE signal_deliveries (
  id text,
  stream_id text not null,
  subject text not null,
  position bigint not null,
  event_id text not null,
  type text not null,
  payload text not null,
  occurred_at bigint not null,
  state text not null,
  attempts integer not null,
  lease_until bigint,
  error text,
  created_at bigint not null,
  finished_at bigint,
  expires_at bigint not null,
  foreign key(stream_id) references signal_streams(id) on delete CASCADE,
  primary key (id)
);
CREATE INDEX signal_deliveries_expires_at_index on signal_deliveries (expires_at);
CREATE INDEX signal_deliveries_pending on signal_deliveries (stream_id, subject, position) where state = 'pending';
CREATE INDEX signal_deliveries_stream_id_created_at_index on signal_deliveries (stream_id, created_at);
CREATE TABLE signal_positions (
  subject text,
  position bigint not null,
  expires_at bigint not null,
  primary key (subject)
);
CREATE INDEX signal_positions_expires_at_index on signal_positions (expires_at);
CREATE TABLE signal_removed_subjects (
  stream_id text not null,
  subject text not null,
  removed_at bigint not null,
  foreign key(stream_id) references signal_streams(id) on delete CASCADE,
  primary key (stream_id, subject)
);
CREATE TABLE signal_streams (
  id text,
  client_id text not null,
  method text not null,
  endpoint_url text,
  secret blob,
  events_requested text,
  description text,
  state text not null,
  state_by text not null,
  reason text,
  failures integer not null,
  failing_since bigint,
  next_attempt_at bigint,
  last_error text,
  last_delivered_at bigint,
  verification_asked_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  foreign key(client_id) references clients(id) on delete CASCADE,
  primary key (id)
);
CREATE INDEX signal_streams_client_id_index on signal_streams (client_id);
CREATE TABLE signing_keys (
  id text,
  alg text not null,
  state text not null,
  public_jwk text not null,
  private_key blob not null,
  created_at bigint not null,
  state_since bigint not null,
  primary key (id)
);
CREATE UNIQUE INDEX signing_keys_active on signing_keys (alg) where state = 'active';
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
CREATE TABLE staff_conflicts (
  staff_id text not null,
  credit_code text not null,
  declared_at bigint not null,
  primary key (staff_id, credit_code)
);
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
CREATE TABLE verification_analyses (
  image_id text,
  case_id text not null,
  subject text not null,
  content blob not null,
  created_at bigint not null,
  primary key (image_id)
);
CREATE INDEX verification_analyses_case_id_index on verification_analyses (case_id);
CREATE TABLE verification_cases (
  id text,
  account_id text not null,
  live_account_id text,
  state text not null,
  version integer not null,
  answers blob,
  number_index text,
  consents text not null,
  route text,
  redo text not null,
  round integer not null,
  findings text not null,
  verdict text,
  decision text,
  decision_message blob,
  origin text,
  company_id text,
  created_at bigint not null,
  updated_at bigint not null,
  submitted_at bigint,
  decided_at bigint,
  expires_at bigint not null,
  appeal blob,
  prompts text,
  scope text not null default 'person_and_company',
  primary key (id)
);
CREATE INDEX verification_cases_account_id_created_at_index on verification_cases (account_id, created_at);
CREATE INDEX verification_cases_company_id_index on verification_cases (company_id);
CREATE INDEX verification_cases_decided_at_index on verification_cases (decided_at);
CREATE INDEX verification_cases_expires_at_index on verification_cases (expires_at);
CREATE UNIQUE INDEX verification_cases_live_account_id_unique on verification_cases (live_account_id);
CREATE INDEX verification_cases_number_index_index on verification_cases (number_index);
CREATE INDEX verification_cases_state_submitted_at_index on verification_cases (state, submitted_at);
CREATE TABLE verification_history (
  case_id text not null,
  sequence integer not null,
  event text not null,
  state text not null,
  actor text not null,
  reasons text not null,
  occurred_at bigint not null,
  primary key (case_id, sequence)
);
CREATE TABLE verification_images (
  id text,
  case_id text not null,
  account_id text not null,
  kind text not null,
  state text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  thumbnail blob,
  created_at bigint not null,
  destroy_at bigint,
  expires_at bigint,
  complaint text,
  insisted integer not null default '0',
  primary key (id)
);
CREATE INDEX verification_images_case_id_kind_index on verification_images (case_id, kind);
CREATE INDEX verification_images_destroy_at_index on verification_images (destroy_at);
CREATE INDEX verification_images_expires_at_index on verification_images (expires_at);
CREATE INDEX verification_images_state_created_at_index on verification_images (state, created_at);

-- PostgreSQL

create table acceptances (
  account_id text not null,
  policy text not null,
  version text not null,
  language text not null,
  accepted_at bigint not null
);
ALTER TABLE acceptances ADD FOREIGN KEY (account_id) REFERENCES accounts(id);
CREATE UNIQUE INDEX acceptances_pkey ON acceptances USING btree (account_id, policy, version);
create table accounts (
  id text not null,
  state text not null,
  phone bytea not null,
  phone_index text not null,
  phone_verified_at bigint not null,
  is_candidate integer not null,
  is_recruiter integer not null,
  resume_complete integer not null,
  locale text not null,
  profile bytea,
  created_at bigint not null,
  updated_at bigint not null
);
CREATE UNIQUE INDEX accounts_phone_index_unique ON accounts USING btree (phone_index);
CREATE UNIQUE INDEX accounts_pkey ON accounts USING btree (id);
create table acting_choices (
  account_id text not null,
  client_id text not null,
  company_id text not null,
  chosen_at bigint not null
);
CREATE UNIQUE INDEX acting_choices_pkey ON acting_choices USING btree (account_id, client_id);
create table artifacts (
  key bytea not null,
  model text not null,
  grant_key bytea,
  uid_key bytea,
  session_key bytea,
  account_id text,
  payload text not null,
  consumed_at bigint,
  expires_at bigint not null
);
CREATE INDEX artifacts_account ON artifacts USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX artifacts_expires_at_index ON artifacts USING btree (expires_at);
CREATE INDEX artifacts_grant ON artifacts USING btree (grant_key) WHERE (grant_key IS NOT NULL);
CREATE INDEX artifacts_uid ON artifacts USING btree (uid_key) WHERE (uid_key IS NOT NULL);
CREATE UNIQUE INDEX artifacts_pkey ON artifacts USING btree (key);
create table audit_ends (
  kind text not null,
  sequence bigint not null,
  hash text not null,
  mac text
);
CREATE UNIQUE INDEX audit_ends_pkey ON audit_ends USING btree (kind);
create table audit_log (
  sequence bigint not null,
  occurred_at bigint not null,
  actor text not null,
  action text not null,
  target text,
  details text not null,
  previous_hash text not null,
  hash text not null
);
CREATE INDEX audit_log_action_sequence_index ON audit_log USING btree (action, sequence);
CREATE INDEX audit_log_occurred_at_index ON audit_log USING btree (occurred_at);
CREATE UNIQUE INDEX audit_log_pkey ON audit_log USING btree (sequence);
create table authority_checks (
  reference text not null,
  case_id text not null,
  round integer not null,
  source text not null,
  outcome text,
  code text,
  vendor_reference text,
  face_similarity real,
  attempts integer not null,
  asked_at bigint not null,
  answered_at bigint,
  lease_until bigint not null,
  kind text default 'authority'::text not null,
  registered text
);
CREATE INDEX authority_checks_case_id_index ON authority_checks USING btree (case_id);
CREATE UNIQUE INDEX authority_checks_case_id_round_kind_unique ON authority_checks USING btree (case_id, round, kind);
CREATE UNIQUE INDEX authority_checks_pkey ON authority_checks USING btree (reference);
create table case_claims (
  case_id text not null,
  staff_id text not null,
  claimed_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX case_claims_expires_at_index ON case_claims USING btree (expires_at);
CREATE INDEX case_claims_staff_id_index ON case_claims USING btree (staff_id);
CREATE UNIQUE INDEX case_claims_pkey ON case_claims USING btree (case_id);
create table challenges (
  id text not null,
  purpose text not null,
  context text not null,
  code_hash text not null,
  attempts integer not null,
  consumed_at bigint,
  expires_at bigint not null
);
CREATE INDEX challenges_expires_at_index ON challenges USING btree (expires_at);
CREATE UNIQUE INDEX challenges_pkey ON challenges USING btree (id);
create table clients (
  id text not null,
  name text not null,
  metadata text not null,
  secret_digest text,
  first_party integer not null,
  created_at bigint not null,
  updated_at bigint not null
);
CREATE UNIQUE INDEX clients_pkey ON clients USING btree (id);
create table companies (
  id text not null,
  credit_code text not null,
  name text not null,
  state text not null,
  verified_at bigint,
  recheck_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  account_class text default 'own'::text not null,
  next_change_at bigint,
  reminders integer default 0 not null,
  administered_at bigint
);
CREATE INDEX companies_next_change_at_index ON companies USING btree (next_change_at);
CREATE INDEX companies_recheck_at_index ON companies USING btree (recheck_at);
CREATE UNIQUE INDEX companies_credit_code_unique ON companies USING btree (credit_code);
CREATE UNIQUE INDEX companies_pkey ON companies USING btree (id);
create table company_activity (
  id text not null,
  company_id text not null,
  action text not null,
  actor text not null,
  membership_id text,
  detail text,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX company_activity_company_id_id_index ON company_activity USING btree (company_id, id);
CREATE INDEX company_activity_expires_at_index ON company_activity USING btree (expires_at);
CREATE UNIQUE INDEX company_activity_pkey ON company_activity USING btree (id);
create table company_check_pictures (
  id text not null,
  check_id text not null,
  state text not null,
  width integer not null,
  height integer not null,
  complaint text,
  thumbnail bytea,
  created_at bigint not null,
  destroy_at bigint
);
CREATE INDEX company_check_pictures_check_id_index ON company_check_pictures USING btree (check_id);
CREATE INDEX company_check_pictures_destroy_at_index ON company_check_pictures USING btree (destroy_at);
CREATE INDEX company_check_pictures_state_created_at_index ON company_check_pictures USING btree (state, created_at);
CREATE UNIQUE INDEX company_check_pictures_pkey ON company_check_pictures USING btree (id);
create table company_checks (
  id text not null,
  company_id text not null,
  account_id text not null,
  kind text not null,
  state text not null,
  live_key text,
  version integer not null,
  details bytea not null,
  findings text not null,
  attempts integer not null,
  decided_by text,
  reason text,
  created_at bigint not null,
  submitted_at bigint,
  decided_at bigint,
  claimed_by text,
  claimed_at bigint,
  claim_expires_at bigint,
  expires_at bigint
);
CREATE INDEX company_checks_account_id_company_id_index ON company_checks USING btree (account_id, company_id);
CREATE INDEX company_checks_company_id_kind_created_at_index ON company_checks USING btree (company_id, kind, created_at);
CREATE INDEX company_checks_expires_at_index ON company_checks USING btree (expires_at);
CREATE INDEX company_checks_state_submitted_at_index ON company_checks USING btree (state, submitted_at);
CREATE UNIQUE INDEX company_checks_live_key_unique ON company_checks USING btree (live_key);
CREATE UNIQUE INDEX company_checks_pkey ON company_checks USING btree (id);
create table company_details (
  company_id text not null,
  field text not null,
  valid_from bigint not null,
  valid_until bigint,
  value bytea not null,
  source text not null,
  next_notice_at bigint
);
CREATE INDEX company_details_next_notice_at_index ON company_details USING btree (next_notice_at);
CREATE UNIQUE INDEX company_details_pkey ON company_details USING btree (company_id, field, valid_from);
create table company_domains (
  company_id text not null,
  domain text not null,
  bound_by text not null,
  bound_at bigint not null
);
ALTER TABLE company_domains ADD FOREIGN KEY (company_id) REFERENCES companies(id);
CREATE UNIQUE INDEX company_domains_pkey ON company_domains USING btree (company_id, domain);
create table company_email_proofs (
  account_id text not null,
  company_id text not null,
  domain text not null,
  address bytea not null,
  address_index text not null,
  proved_at bigint not null,
  expires_at bigint not null
);
ALTER TABLE company_email_proofs ADD FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE company_email_proofs ADD FOREIGN KEY (company_id) REFERENCES companies(id);
CREATE INDEX company_email_proofs_company_id_domain_index ON company_email_proofs USING btree (company_id, domain);
CREATE INDEX company_email_proofs_expires_at_index ON company_email_proofs USING btree (expires_at);
CREATE UNIQUE INDEX company_email_proofs_company_id_address_index_unique ON company_email_proofs USING btree (company_id, address_index);
CREATE UNIQUE INDEX company_email_proofs_pkey ON company_email_proofs USING btree (account_id, company_id);
create table company_email_requests (
  account_id text not null,
  company_id text not null,
  challenge_id text not null,
  message_id text not null,
  domain text not null,
  address bytea not null,
  code_expires_at bigint not null,
  expires_at bigint not null
);
ALTER TABLE company_email_requests ADD FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE company_email_requests ADD FOREIGN KEY (company_id) REFERENCES companies(id);
CREATE INDEX company_email_requests_expires_at_index ON company_email_requests USING btree (expires_at);
CREATE UNIQUE INDEX company_email_requests_pkey ON company_email_requests USING btree (account_id, company_id);
create table company_invitations (
  id text not null,
  company_id text not null,
  token_hash text not null,
  role text not null,
  invited_by text not null,
  member_until bigint,
  created_at bigint not null,
  accepted_at bigint,
  accepted_by text,
  withdrawn_at bigint,
  expires_at bigint not null,
  kept_until bigint not null
);
CREATE INDEX company_invitations_company_id_id_index ON company_invitations USING btree (company_id, id);
CREATE INDEX company_invitations_kept_until_index ON company_invitations USING btree (kept_until);
CREATE UNIQUE INDEX company_invitations_pkey ON company_invitations USING btree (id);
CREATE UNIQUE INDEX company_invitations_token_hash_unique ON company_invitations USING btree (token_hash);
create table company_names (
  company_id text not null,
  name text not null,
  first_given_at bigint not null
);
CREATE UNIQUE INDEX company_names_pkey ON company_names USING btree (company_id, name);
create table consents (
  account_id text not null,
  client_id text not null,
  granted text not null,
  granted_at bigint not null,
  updated_at bigint not null,
  subject text
);
CREATE INDEX consents_client_id_index ON consents USING btree (client_id);
CREATE INDEX consents_client_id_subject_index ON consents USING btree (client_id, subject);
CREATE UNIQUE INDEX consents_pkey ON consents USING btree (account_id, client_id);
create table events (
  id text not null,
  type text not null,
  subject text not null,
  payload text not null,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX events_expires_at_index ON events USING btree (expires_at);
CREATE INDEX events_occurred_at_index ON events USING btree (occurred_at);
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
create table inbox_mails (
  id text not null,
  address bytea not null,
  address_index text not null,
  body bytea not null,
  received_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX inbox_mails_address_index_received_at_index ON inbox_mails USING btree (address_index, received_at);
CREATE INDEX inbox_mails_expires_at_index ON inbox_mails USING btree (expires_at);
CREATE UNIQUE INDEX inbox_mails_pkey ON inbox_mails USING btree (id);
create table inbox_messages (
  id text not null,
  phone bytea not null,
  phone_index text not null,
  body bytea not null,
  received_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX inbox_messages_expires_at_index ON inbox_messages USING btree (expires_at);
CREATE INDEX inbox_messages_phone_index_received_at_index ON inbox_messages USING btree (phone_index, received_at);
CREATE UNIQUE INDEX inbox_messages_pkey ON inbox_messages USING btree (id);
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
create table limits (
  key text not null,
  hits text not null,
  expires_at bigint not null
);
CREATE INDEX limits_expires_at_index ON limits USING btree (expires_at);
CREATE UNIQUE INDEX limits_pkey ON limits USING btree (key);
create table mails (
  id text not null,
  state text not null,
  reason text,
  address bytea not null,
  body bytea not null,
  attempts integer not null,
  lease_until bigint,
  vendor_id text,
  vendor_code text,
  valid_until bigint not null,
  created_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX mails_expires_at_index ON mails USING btree (expires_at);
CREATE UNIQUE INDEX mails_pkey ON mails USING btree (id);
create table memberships (
  id text not null,
  account_id text not null,
  company_id text not null,
  role text not null,
  state text not null,
  case_id text,
  valid_until bigint,
  activated_at bigint,
  ended_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  evidence text,
  ended_reason text,
  next_change_at bigint
);
CREATE INDEX memberships_case_id_index ON memberships USING btree (case_id);
CREATE INDEX memberships_company_id_index ON memberships USING btree (company_id);
CREATE INDEX memberships_next_change_at_index ON memberships USING btree (next_change_at);
CREATE UNIQUE INDEX memberships_account_id_company_id_unique ON memberships USING btree (account_id, company_id);
CREATE UNIQUE INDEX memberships_pkey ON memberships USING btree (id);
create table messages (
  id text not null,
  state text not null,
  reason text,
  phone bytea not null,
  body bytea not null,
  attempts integer not null,
  lease_until bigint,
  vendor_id text,
  vendor_code text,
  valid_until bigint not null,
  created_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX messages_expires_at_index ON messages USING btree (expires_at);
CREATE UNIQUE INDEX messages_pkey ON messages USING btree (id);
create table oidc_secrets (
  id text not null,
  value bytea not null,
  created_at bigint not null
);
CREATE UNIQUE INDEX oidc_secrets_pkey ON oidc_secrets USING btree (id);
create table passwords (
  account_id text not null,
  hash bytea not null,
  changed_at bigint not null
);
CREATE UNIQUE INDEX passwords_pkey ON passwords USING btree (account_id);
create table person_verifications (
  account_id text not null,
  state text not null,
  level text not null,
  method text not null,
  claims bytea not null,
  number_index text,
  verified_at bigint not null,
  valid_until bigint,
  case_id text not null,
  revoked_at bigint,
  revoked_reason text,
  expires_at bigint
);
CREATE INDEX person_verifications_expires_at_index ON person_verifications USING btree (expires_at);
CREATE INDEX person_verifications_state_valid_until_index ON person_verifications USING btree (state, valid_until);
CREATE UNIQUE INDEX person_verifications_number_index_unique ON person_verifications USING btree (number_index);
CREATE UNIQUE INDEX person_verifications_pkey ON person_verifications USING btree (account_id);
create table receipts (
  id text not null,
  account_id text not null,
  purpose text not null,
  granted integer not null,
  version text not null,
  language text not null,
  occurred_at bigint not null
);
CREATE INDEX receipts_account_id_id_index ON receipts USING btree (account_id, id);
CREATE UNIQUE INDEX receipts_pkey ON receipts USING btree (id);
create table recruiter_facts (
  account_id text not null,
  valid_from bigint not null,
  valid_until bigint,
  facts text not null
);
CREATE INDEX recruiter_facts_valid_until_index ON recruiter_facts USING btree (valid_until);
CREATE UNIQUE INDEX recruiter_facts_current ON recruiter_facts USING btree (account_id) WHERE (valid_until IS NULL);
CREATE UNIQUE INDEX recruiter_facts_pkey ON recruiter_facts USING btree (account_id, valid_from);
create table recruiter_holds (
  account_id text not null,
  reason text not null,
  set_by text not null,
  set_at bigint not null,
  note bytea,
  appeal bytea,
  appealed_at bigint,
  refused_by text,
  refused_at bigint
);
CREATE INDEX recruiter_holds_appealed_at_index ON recruiter_holds USING btree (appealed_at);
CREATE UNIQUE INDEX recruiter_holds_pkey ON recruiter_holds USING btree (account_id);
create table recruiter_statuses (
  account_id text not null,
  status text not null,
  reasons text not null,
  next_step text not null,
  company_id text,
  company_code text,
  requirements text not null,
  derived_at bigint not null,
  recheck_at bigint,
  companies text default '[]'::text not null
);
CREATE INDEX recruiter_statuses_recheck_at_index ON recruiter_statuses USING btree (recheck_at);
CREATE UNIQUE INDEX recruiter_statuses_pkey ON recruiter_statuses USING btree (account_id);
create table resource_scopes (
  resource text not null,
  scope text not null,
  requires text not null,
  machine integer not null,
  titles text not null
);
ALTER TABLE resource_scopes ADD FOREIGN KEY (resource) REFERENCES resources(identifier) ON DELETE CASCADE;
CREATE UNIQUE INDEX resource_scopes_pkey ON resource_scopes USING btree (resource, scope);
create table resources (
  identifier text not null,
  name text not null,
  token_format text not null,
  token_lifetime integer not null
);
CREATE UNIQUE INDEX resources_pkey ON resources USING btree (identifier);
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
  expires_at bigint not null,
  first_staff_id text,
  policy_version text
);
CREATE INDEX review_decisions_account_id_index ON review_decisions USING btree (account_id);
CREATE INDEX review_decisions_case_id_index ON review_decisions USING btree (case_id);
CREATE INDEX review_decisions_company_id_index ON review_decisions USING btree (company_id);
CREATE INDEX review_decisions_expires_at_index ON review_decisions USING btree (expires_at);
CREATE INDEX review_decisions_occurred_at_index ON review_decisions USING btree (occurred_at);
CREATE UNIQUE INDEX review_decisions_pkey ON review_decisions USING btree (id);
create table review_opinions (
  id text not null,
  case_id text not null,
  account_id text not null,
  staff_id text not null,
  case_version integer not null,
  kind text not null,
  cause text not null,
  reasons text not null,
  message bytea,
  note bytea,
  policy_version text not null,
  occurred_at bigint not null,
  expires_at bigint not null
);
CREATE INDEX review_opinions_account_id_index ON review_opinions USING btree (account_id);
CREATE INDEX review_opinions_expires_at_index ON review_opinions USING btree (expires_at);
CREATE UNIQUE INDEX review_opinions_case_id_case_version_staff_id_unique ON review_opinions USING btree (case_id, case_version, staff_id);
CREATE UNIQUE INDEX review_opinions_pkey ON review_opinions USING btree (id);
create table sign_ins (
  uid text not null,
  state bytea,
  expires_at bigint not null
);
CREATE INDEX sign_ins_expires_at_index ON sign_ins USING btree (expires_at);
CREATE UNIQUE INDEX sign_ins_pkey ON sign_ins USING btree (uid);
create table signal_deliveries (
  id text not null,
  stream_id text not null,
  subject text not null,
  position bigint not null,
  event_id text not null,
  type text not null,
  payload text not null,
  occurred_at bigint not null,
  state text not null,
  attempts integer not null,
  lease_until bigint,
  error text,
  created_at bigint not null,
  finished_at bigint,
  expires_at bigint not null
);
ALTER TABLE signal_deliveries ADD FOREIGN KEY (stream_id) REFERENCES signal_streams(id) ON DELETE CASCADE;
CREATE INDEX signal_deliveries_expires_at_index ON signal_deliveries USING btree (expires_at);
CREATE INDEX signal_deliveries_pending ON signal_deliveries USING btree (stream_id, subject, "position") WHERE (state = 'pending'::text);
CREATE INDEX signal_deliveries_stream_id_created_at_index ON signal_deliveries USING btree (stream_id, created_at);
CREATE UNIQUE INDEX signal_deliveries_pkey ON signal_deliveries USING btree (id);
create table signal_positions (
  subject text not null,
  position bigint not null,
  expires_at bigint not null
);
CREATE INDEX signal_positions_expires_at_index ON signal_positions USING btree (expires_at);
CREATE UNIQUE INDEX signal_positions_pkey ON signal_positions USING btree (subject);
create table signal_removed_subjects (
  stream_id text not null,
  subject text not null,
  removed_at bigint not null
);
ALTER TABLE signal_removed_subjects ADD FOREIGN KEY (stream_id) REFERENCES signal_streams(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX signal_removed_subjects_pkey ON signal_removed_subjects USING btree (stream_id, subject);
create table signal_streams (
  id text not null,
  client_id text not null,
  method text not null,
  endpoint_url text,
  secret bytea,
  events_requested text,
  description text,
  state text not null,
  state_by text not null,
  reason text,
  failures integer not null,
  failing_since bigint,
  next_attempt_at bigint,
  last_error text,
  last_delivered_at bigint,
  verification_asked_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
ALTER TABLE signal_streams ADD FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE;
CREATE INDEX signal_streams_client_id_index ON signal_streams USING btree (client_id);
CREATE UNIQUE INDEX signal_streams_pkey ON signal_streams USING btree (id);
create table signing_keys (
  id text not null,
  alg text not null,
  state text not null,
  public_jwk text not null,
  private_key bytea not null,
  created_at bigint not null,
  state_since bigint not null
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys USING btree (alg) WHERE (state = 'active'::text);
CREATE UNIQUE INDEX signing_keys_pkey ON signing_keys USING btree (id);
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
create table staff_conflicts (
  staff_id text not null,
  credit_code text not null,
  declared_at bigint not null
);
CREATE UNIQUE INDEX staff_conflicts_pkey ON staff_conflicts USING btree (staff_id, credit_code);
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
create table verification_analyses (
  image_id text not null,
  case_id text not null,
  subject text not null,
  content bytea not null,
  created_at bigint not null
);
CREATE INDEX verification_analyses_case_id_index ON verification_analyses USING btree (case_id);
CREATE UNIQUE INDEX verification_analyses_pkey ON verification_analyses USING btree (image_id);
create table verification_cases (
  id text not null,
  account_id text not null,
  live_account_id text,
  state text not null,
  version integer not null,
  answers bytea,
  number_index text,
  consents text not null,
  route text,
  redo text not null,
  round integer not null,
  findings text not null,
  verdict text,
  decision text,
  decision_message bytea,
  origin text,
  company_id text,
  created_at bigint not null,
  updated_at bigint not null,
  submitted_at bigint,
  decided_at bigint,
  expires_at bigint not null,
  appeal bytea,
  prompts text,
  scope text default 'person_and_company'::text not null
);
CREATE INDEX verification_cases_account_id_created_at_index ON verification_cases USING btree (account_id, created_at);
CREATE INDEX verification_cases_company_id_index ON verification_cases USING btree (company_id);
CREATE INDEX verification_cases_decided_at_index ON verification_cases USING btree (decided_at);
CREATE INDEX verification_cases_expires_at_index ON verification_cases USING btree (expires_at);
CREATE INDEX verification_cases_number_index_index ON verification_cases USING btree (number_index);
CREATE INDEX verification_cases_state_submitted_at_index ON verification_cases USING btree (state, submitted_at);
CREATE UNIQUE INDEX verification_cases_live_account_id_unique ON verification_cases USING btree (live_account_id);
CREATE UNIQUE INDEX verification_cases_pkey ON verification_cases USING btree (id);
create table verification_history (
  case_id text not null,
  sequence integer not null,
  event text not null,
  state text not null,
  actor text not null,
  reasons text not null,
  occurred_at bigint not null
);
CREATE UNIQUE INDEX verification_history_pkey ON verification_history USING btree (case_id, sequence);
create table verification_images (
  id text not null,
  case_id text not null,
  account_id text not null,
  kind text not null,
  state text not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  thumbnail bytea,
  created_at bigint not null,
  destroy_at bigint,
  expires_at bigint,
  complaint text,
  insisted integer default 0 not null
);
CREATE INDEX verification_images_case_id_kind_index ON verification_images USING btree (case_id, kind);
CREATE INDEX verification_images_destroy_at_index ON verification_images USING btree (destroy_at);
CREATE INDEX verification_images_expires_at_index ON verification_images USING btree (expires_at);
CREATE INDEX verification_images_state_created_at_index ON verification_images USING btree (state, created_at);
CREATE UNIQUE INDEX verification_images_pkey ON verification_images USING btree (id);
