-- What an archived report was before: its public bucket stays that of then.
ALTER TABLE reports_reports ADD COLUMN archived_from {text} NULL;
