#!/bin/bash
# For each service a role, and a schema of the same name that it owns; it sees no other. The image runs this at the first start. Can be run again, to
# change a password: docs/runbooks/deploy.md. Passwords come by the environment and stand in no argument, so no list of processes shows them.
set -euo pipefail

psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:?}" <<'SQL'
-- A failing statement would print its text, with the password in it.
SET log_min_error_statement = panic;
SET log_statement = 'none';
SET password_encryption = 'scram-sha-256';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()) \gexec

\getenv gateway_password DATABASE_PASSWORD_GATEWAY
\getenv vault_password DATABASE_PASSWORD_VAULT
\getenv dns_worker_password DATABASE_PASSWORD_DNS_WORKER
\getenv verifier_password DATABASE_PASSWORD_VERIFIER

BEGIN;
CREATE TEMPORARY TABLE given (role text PRIMARY KEY, password text NOT NULL CHECK (length(password) >= 16)) ON COMMIT DROP;
INSERT INTO given VALUES ('gateway', :'gateway_password'), ('vault', :'vault_password'), ('dns_worker', :'dns_worker_password'), ('verifier', :'verifier_password');
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role) FROM given WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', role, password) FROM given \gexec
SELECT format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', role, current_database(), role) FROM given \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role) FROM given \gexec
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', role, role) FROM given \gexec
COMMIT;
SQL
echo 'roles and schemas: gateway, vault, dns_worker, verifier'
