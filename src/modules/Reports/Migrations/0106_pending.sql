-- What waits to be looked at before it is public is found without looking at all others.
CREATE INDEX ix_reports_reports_visibility_id ON reports_reports (visibility, id) WHERE visibility = 'pending';
