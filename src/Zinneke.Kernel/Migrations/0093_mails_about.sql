-- What is said of somebody in mails to others is found by what the mails are about.
CREATE INDEX ix_mails_about_id ON mails (about_id);
