-- Events that wait to be sealed. On SQLite they are sealed in the commit that writes them and need no place to wait.
CREATE TABLE log_new (
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_log_new PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    subject_version bigint NOT NULL,
    body text COLLATE "C" NULL,
    actor uuid NOT NULL,
    at bigint NOT NULL,
    data text COLLATE "C" NOT NULL,
    digest bytea NULL
);
CREATE INDEX ix_log_new_xid_seq ON log_new (xid, seq);
