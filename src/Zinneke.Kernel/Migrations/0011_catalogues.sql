-- Sets of records that are imported, checked and put in force as a whole; the newest edition is in force.
CREATE TABLE catalogues (
    kind {text} NOT NULL,
    edition {long} NOT NULL,
    text {text} NOT NULL,
    at {long} NOT NULL,
    actor {uuid} NOT NULL,
    CONSTRAINT pk_catalogues PRIMARY KEY (kind, edition)
);
