-- Answers that are given again when a client repeats a request with the same Idempotency-Key.
CREATE TABLE idempotency_keys (
  actor {uuid} NOT NULL,
  target {text} NOT NULL,
  key {text} NOT NULL,
  body_hash {bytes} NOT NULL,
  answer {text} NOT NULL,
  expires_at {long} NOT NULL,
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (actor, target, key)
);

CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- The secret that all nodes share; empty on SQLite, where it lies in a file.
CREATE TABLE secrets (
  name {text} NOT NULL,
  value {bytes} NOT NULL,
  CONSTRAINT pk_secrets PRIMARY KEY (name)
);
