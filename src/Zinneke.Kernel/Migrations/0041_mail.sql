-- Mail: one row for each recipient and event, written with the change that it tells about, and how often somebody wants mail about a thing.
CREATE TABLE mails (
    id {uuid} NOT NULL CONSTRAINT pk_mails PRIMARY KEY,
    key {bytes} NOT NULL,
    notice {text} NOT NULL,
    address {text} NOT NULL,
    language {text} NOT NULL,
    about_kind {text} NULL,
    about_id {text} NULL,
    content {text} NULL,
    state {int} NOT NULL,
    due_at {long} NOT NULL,
    attempts {int} NOT NULL,
    made_at {long} NOT NULL,
    ended_at {long} NULL,
    error {text} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_mails_key ON mails (key);
CREATE INDEX ix_mails_state_due_at ON mails (state, due_at);
CREATE INDEX ix_mails_address ON mails (address);

CREATE TABLE mail_paces (
    address {text} NOT NULL,
    about_kind {text} NOT NULL,
    about_id {text} NOT NULL,
    pace {int} NOT NULL,
    chosen_at {long} NOT NULL,
    version {long} NOT NULL,
    CONSTRAINT pk_mail_paces PRIMARY KEY (address, about_kind, about_id)
);
