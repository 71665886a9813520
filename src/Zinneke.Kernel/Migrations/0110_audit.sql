-- Who did what, newest first: by person, kind of action, kind of subject and body.
CREATE INDEX ix_log_at_position ON log (at, position);
CREATE INDEX ix_log_actor_at_position ON log (actor, at, position);
CREATE INDEX ix_log_type_at_position ON log (type, at, position);
CREATE INDEX ix_log_subject_kind_at_position ON log (subject_kind, at, position);
CREATE INDEX ix_log_body_at_position ON log (body, at, position);

-- How far the chain of the log reached at the end of each day, as it was published.
CREATE TABLE log_heads (
    day {text} NOT NULL CONSTRAINT pk_log_heads PRIMARY KEY,
    position {long} NOT NULL,
    hash {bytes} NOT NULL,
    at {long} NOT NULL,
    events {long} NOT NULL
);
