-- Big imports: decided, applied slice by slice, and kept as a record.
CREATE TABLE imports (
    id {uuid} NOT NULL CONSTRAINT pk_imports PRIMARY KEY,
    kind {text} NOT NULL,
    file {text} NOT NULL,
    at {long} NOT NULL,
    actor {uuid} NOT NULL,
    count {long} NOT NULL,
    done {long} NOT NULL,
    version {long} NOT NULL
);
