-- Reports that are forwarded to the Open311 endpoint of a body: sent, then asked about, until they end at one of both ends.
CREATE TABLE reports_forwards (
    id {uuid} NOT NULL CONSTRAINT pk_reports_forwards PRIMARY KEY,
    position {long} NOT NULL,
    report_id {uuid} NOT NULL,
    body {text} NOT NULL,
    url {text} NOT NULL,
    state {text} NOT NULL,
    due_at {long} NOT NULL,
    attempts {int} NOT NULL,
    made_at {long} NOT NULL,
    first_at {long} NULL,
    taken_at {long} NULL,
    looked_at {long} NULL,
    failing_since {long} NULL,
    ended_at {long} NULL,
    token {text} NULL,
    request_id {text} NULL,
    error {text} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_forwards_position_body_url ON reports_forwards (position, body, url);
CREATE INDEX ix_reports_forwards_due_at ON reports_forwards (due_at) WHERE ended_at IS NULL;
CREATE INDEX ix_reports_forwards_report_id ON reports_forwards (report_id);
CREATE INDEX ix_reports_forwards_body_url_state ON reports_forwards (body, url, state);
