-- Where imported reports come from: one for each number of another system.
CREATE TABLE reports_origins (
    report_id {uuid} NOT NULL CONSTRAINT pk_reports_origins PRIMARY KEY,
    source {text} NOT NULL,
    external_id {text} NOT NULL,
    report_version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_origins_source_external_id ON reports_origins (source, external_id);
