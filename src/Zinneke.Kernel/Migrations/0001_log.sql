-- The sealed log: dense positions, one order for all readers, chained by hash. Never updated, never deleted from.
CREATE TABLE log (
    position {long} NOT NULL CONSTRAINT pk_log PRIMARY KEY,
    id {uuid} NOT NULL,
    type {text} NOT NULL,
    version {int} NOT NULL,
    subject_kind {text} NOT NULL,
    subject_id {text} NOT NULL,
    subject_version {long} NOT NULL,
    body {text} NULL,
    actor {uuid} NOT NULL,
    at {long} NOT NULL,
    data {text} NOT NULL,
    digest {bytes} NULL,
    hash {bytes} NOT NULL
);
CREATE INDEX ix_log_subject_kind_subject_id_position ON log (subject_kind, subject_id, position);

-- The erasable half of an audited event.
CREATE TABLE audit (
    event_id {uuid} NOT NULL CONSTRAINT pk_audit PRIMARY KEY,
    subject_kind {text} NOT NULL,
    subject_id {text} NOT NULL,
    before {text} NULL,
    after {text} NULL,
    salt {text} NULL
);
CREATE INDEX ix_audit_subject_kind_subject_id ON audit (subject_kind, subject_id);

-- Where each table follower stands.
CREATE TABLE followers (
    name {text} NOT NULL CONSTRAINT pk_followers PRIMARY KEY,
    position {long} NOT NULL,
    generation {int} NOT NULL,
    shape {int} NOT NULL,
    error {text} NULL,
    failed_at {long} NOT NULL,
    version {long} NOT NULL
);
