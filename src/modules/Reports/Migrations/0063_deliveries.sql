-- Calls to the systems of bodies: recorded once with the event that they tell of, sent with the same bytes until they arrive or are given up.
CREATE TABLE reports_deliveries (
    id {uuid} NOT NULL CONSTRAINT pk_reports_deliveries PRIMARY KEY,
    position {long} NOT NULL,
    report_id {uuid} NOT NULL,
    body {text} NOT NULL,
    url {text} NOT NULL,
    type {text} NOT NULL,
    payload {bytes} NULL,
    state {text} NOT NULL,
    due_at {long} NOT NULL,
    attempts {int} NOT NULL,
    made_at {long} NOT NULL,
    ended_at {long} NULL,
    status {int} NOT NULL,
    error {text} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_deliveries_position_body_url_type ON reports_deliveries (position, body, url, type);
CREATE INDEX ix_reports_deliveries_state_due_at ON reports_deliveries (state, due_at);
CREATE INDEX ix_reports_deliveries_body_url_state_ended_at ON reports_deliveries (body, url, state, ended_at);
CREATE INDEX ix_reports_deliveries_report_id ON reports_deliveries (report_id);
