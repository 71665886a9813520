-- Areas in all their versions. Dates are ISO text, so that they compare as they read; 0001-01-01 and 9999-12-31 are open ends.
CREATE TABLE areas (
    id {text} NOT NULL,
    valid_from {text} NOT NULL,
    valid_to {text} NOT NULL,
    kind {text} NOT NULL,
    place {long} NOT NULL,
    facts {text} NOT NULL,
    shape {bytes} NOT NULL,
    version {long} NOT NULL,
    CONSTRAINT pk_areas PRIMARY KEY (id, valid_from)
);
CREATE UNIQUE INDEX ux_areas_place ON areas (place);
