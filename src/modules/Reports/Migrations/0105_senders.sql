-- What a report was sent from, and whose sending is stopped for a while: keyed hashes that only tell one from another.
CREATE TABLE reports_senders (
    report_id {uuid} NOT NULL CONSTRAINT pk_reports_senders PRIMARY KEY,
    device {text} NULL,
    address {text} NULL,
    at {long} NOT NULL
);
CREATE INDEX ix_reports_senders_device_at ON reports_senders (device, at);
CREATE INDEX ix_reports_senders_at ON reports_senders (at);
CREATE TABLE reports_blocks (
    id {uuid} NOT NULL CONSTRAINT pk_reports_blocks PRIMARY KEY,
    sender {text} NOT NULL,
    report_id {uuid} NOT NULL,
    body {text} NULL,
    reason {text} NOT NULL,
    at {long} NOT NULL,
    until {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_blocks_sender ON reports_blocks (sender);
CREATE INDEX ix_reports_blocks_until ON reports_blocks (until);
