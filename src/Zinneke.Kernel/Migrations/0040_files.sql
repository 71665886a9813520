-- Photos that people sent, stripped of everything but their pixels. The bytes lie in files/ under their hash.
CREATE TABLE stored_files (
    id {uuid} NOT NULL CONSTRAINT pk_stored_files PRIMARY KEY,
    hash {text} NOT NULL,
    format {int} NOT NULL,
    bytes {long} NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    orientation {int} NOT NULL,
    created_at {long} NOT NULL,
    original_gone {bool} NOT NULL,
    visibility {int} NOT NULL,
    state {int} NOT NULL,
    picture {text} NULL,
    redacted {text} NULL,
    expires_at {long} NULL,
    attempts {int} NOT NULL,
    drawn_until {long} NOT NULL,
    version {long} NOT NULL
);
CREATE INDEX ix_stored_files_hash ON stored_files (hash);
CREATE INDEX ix_stored_files_picture ON stored_files (picture);
CREATE INDEX ix_stored_files_state_created_at ON stored_files (state, created_at);
CREATE INDEX ix_stored_files_expires_at ON stored_files (expires_at);
