-- Reports that are one problem: a duplicate says into which report it is merged, and keeps its own; its target knows what it promises by itself and with them.
ALTER TABLE reports_reports ADD COLUMN merged_into {uuid} NULL;
ALTER TABLE reports_reports ADD COLUMN merged_via {uuid} NULL;
ALTER TABLE reports_reports ADD COLUMN merged_at {long} NULL;
ALTER TABLE reports_reports ADD COLUMN members_due_at {long} NULL;
ALTER TABLE reports_reports ADD COLUMN own_due_at {long} NULL;
ALTER TABLE reports_reports ADD COLUMN members_support_count {int} NOT NULL DEFAULT 0;
CREATE INDEX ix_reports_reports_merged_into ON reports_reports (merged_into) WHERE merged_into IS NOT NULL;
