-- The list of a municipality, newest first, without walking through the reports of all others.
CREATE INDEX ix_reports_reports_area_created_at_id ON reports_reports (area, created_at, id);
