-- What people agreed to: which text in which wording, when, and what for.
CREATE TABLE consents (
    id {uuid} NOT NULL CONSTRAINT pk_consents PRIMARY KEY,
    account_id {uuid} NULL,
    email {text} NULL,
    about_kind {text} NULL,
    about_id {text} NULL,
    text_key {text} NOT NULL,
    language {text} NOT NULL,
    wording {text} NOT NULL,
    at {long} NOT NULL
);
CREATE INDEX ix_consents_account_id ON consents (account_id);
CREATE INDEX ix_consents_email ON consents (email);
CREATE INDEX ix_consents_about_kind_about_id ON consents (about_kind, about_id);
