-- By when a holder has to accept or reject what it has, and the body that was told that it did not. What lay with somebody before is not asked about: nobody had been told that a time ran.
ALTER TABLE reports_reports ADD COLUMN accept_due_at {long} NULL;
ALTER TABLE reports_reports ADD COLUMN escalated_to {text} NULL;
CREATE INDEX ix_reports_reports_accept_due_at_id ON reports_reports (accept_due_at, id) WHERE accept_due_at IS NOT NULL;
