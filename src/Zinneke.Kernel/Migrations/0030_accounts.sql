-- People and programs that act: accounts, their sessions and roles, API keys, links to sign in, and what was erased.
CREATE TABLE accounts (
    id {uuid} NOT NULL CONSTRAINT pk_accounts PRIMARY KEY,
    email {text} NULL,
    name {text} NOT NULL,
    language {text} NOT NULL,
    level {int} NOT NULL,
    created_at {long} NOT NULL,
    erased_at {long} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_accounts_email ON accounts (email);

CREATE TABLE sessions (
    id {uuid} NOT NULL CONSTRAINT pk_sessions PRIMARY KEY,
    hash {bytes} NOT NULL,
    account_id {uuid} NOT NULL,
    created_at {long} NOT NULL,
    seen_at {long} NOT NULL,
    device {text} NOT NULL
);
CREATE UNIQUE INDEX ux_sessions_hash ON sessions (hash);
CREATE INDEX ix_sessions_account_id ON sessions (account_id);

CREATE TABLE sign_in_links (
    id {uuid} NOT NULL CONSTRAINT pk_sign_in_links PRIMARY KEY,
    hash {bytes} NOT NULL,
    email {text} NULL,
    account_id {uuid} NULL,
    language {text} NOT NULL,
    return_path {text} NOT NULL,
    form {text} NULL,
    created_at {long} NOT NULL,
    used_at {long} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_sign_in_links_hash ON sign_in_links (hash);
CREATE INDEX ix_sign_in_links_email_created_at ON sign_in_links (email, created_at);

CREATE TABLE account_roles (
    id {uuid} NOT NULL CONSTRAINT pk_account_roles PRIMARY KEY,
    account_id {uuid} NOT NULL,
    role {text} NOT NULL,
    body {text} NULL,
    categories {text} NOT NULL,
    areas {text} NOT NULL,
    granted_at {long} NOT NULL,
    granted_by {uuid} NOT NULL
);
CREATE INDEX ix_account_roles_account_id ON account_roles (account_id);
CREATE INDEX ix_account_roles_role_body ON account_roles (role, body);

CREATE TABLE api_keys (
    id {uuid} NOT NULL CONSTRAINT pk_api_keys PRIMARY KEY,
    hash {bytes} NOT NULL,
    name {text} NOT NULL,
    scopes {text} NOT NULL,
    body {text} NULL,
    created_at {long} NOT NULL,
    created_by {uuid} NOT NULL,
    expires_at {long} NULL,
    revoked_at {long} NULL,
    quota_per_hour {int} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_api_keys_hash ON api_keys (hash);

CREATE TABLE erasures (
    account_id {uuid} NOT NULL CONSTRAINT pk_erasures PRIMARY KEY,
    asked_at {long} NOT NULL,
    done_at {long} NULL,
    counts {text} NOT NULL,
    version {long} NOT NULL
);
