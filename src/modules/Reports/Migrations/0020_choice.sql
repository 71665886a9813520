-- Whether a rule chose the holder, and since when the reporter awaits that a person looks at that choice.
ALTER TABLE reports_reports ADD COLUMN chosen_by_rule {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE reports_reports ADD COLUMN review_asked_at {long} NULL;
UPDATE reports_reports SET chosen_by_rule = TRUE WHERE rule IS NOT NULL AND hops = 0;
