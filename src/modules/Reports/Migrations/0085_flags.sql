-- Who flagged what of a report, and what is hidden of it: the words of its reporter, or a photo.
CREATE TABLE reports_flags (
    id {uuid} NOT NULL CONSTRAINT pk_reports_flags PRIMARY KEY,
    report_id {uuid} NOT NULL,
    part {uuid} NOT NULL,
    "by" {text} NULL,
    reason {text} NOT NULL,
    at {long} NOT NULL,
    reviewed_at {long} NULL
);
CREATE UNIQUE INDEX ux_reports_flags_report_id_part_by ON reports_flags (report_id, part, "by");
CREATE INDEX ix_reports_flags_at ON reports_flags (at);
ALTER TABLE reports_words ADD COLUMN hidden {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE reports_reports ADD COLUMN flagged_at {long} NULL;
