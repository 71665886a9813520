-- When a solved report is closed by itself, found without looking at all others; what another system had solved is left as it was.
ALTER TABLE reports_reports ADD COLUMN closes_at {long} NULL;
UPDATE reports_reports SET closes_at = ended_at + 1209600000000
    WHERE state = 'resolved' AND NOT EXISTS (SELECT 1 FROM reports_origins o WHERE o.report_id = reports_reports.id AND o.report_version = reports_reports.version);
CREATE INDEX ix_reports_reports_closes_at_id ON reports_reports (closes_at, id) WHERE closes_at IS NOT NULL;

-- What each holder was last reminded of.
CREATE TABLE reports_reminders (
    report_id {uuid} NOT NULL CONSTRAINT pk_reports_reminders PRIMARY KEY,
    due_at {long} NOT NULL,
    passed {bool} NOT NULL
);
