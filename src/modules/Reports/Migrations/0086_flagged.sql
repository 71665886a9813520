-- What waits for staff to look is found without looking at all others.
CREATE INDEX ix_reports_reports_flagged_at_id ON reports_reports (flagged_at, id) WHERE flagged_at IS NOT NULL;
