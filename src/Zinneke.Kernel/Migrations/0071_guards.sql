-- Rules over several rows: whoever changes what one is about raises its version, so that two at once meet.
CREATE TABLE guards (
    name {text} NOT NULL,
    version {long} NOT NULL,
    CONSTRAINT pk_guards PRIMARY KEY (name)
);
