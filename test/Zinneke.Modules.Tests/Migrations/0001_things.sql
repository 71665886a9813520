CREATE TABLE test_things (
    id {uuid} NOT NULL CONSTRAINT pk_test_things PRIMARY KEY,
    name {text} NOT NULL,
    count {int} NOT NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_test_things_name ON test_things (name);
CREATE TABLE test_thing_counts (
    generation {int} NOT NULL,
    thing {text} NOT NULL,
    count {int} NOT NULL,
    CONSTRAINT pk_test_thing_counts PRIMARY KEY (generation, thing)
);
