-- Personal access tokens: a program shows one and acts as the person.
CREATE TABLE access_tokens (
    id {uuid} NOT NULL CONSTRAINT pk_access_tokens PRIMARY KEY,
    account_id {uuid} NOT NULL,
    hash {bytes} NOT NULL,
    name {text} NOT NULL,
    scopes {text} NOT NULL,
    created_at {long} NOT NULL,
    expires_at {long} NOT NULL,
    used_at {long} NULL
);
CREATE UNIQUE INDEX ux_access_tokens_hash ON access_tokens (hash);
CREATE INDEX ix_access_tokens_account_id ON access_tokens (account_id);
