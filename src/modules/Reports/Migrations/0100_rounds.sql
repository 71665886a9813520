-- Rounds: reports that a crew goes to, in an order.
CREATE TABLE reports_rounds (
    id {uuid} NOT NULL CONSTRAINT pk_reports_rounds PRIMARY KEY,
    body {text} NOT NULL,
    name {text} NOT NULL,
    leave_at {long} NOT NULL,
    minutes_a_stop {int} NOT NULL,
    place {text} NULL,
    lon {real} NULL,
    lat {real} NULL,
    back {bool} NOT NULL,
    created_at {long} NOT NULL,
    finished_at {long} NULL,
    version {long} NOT NULL
);
CREATE INDEX ix_reports_rounds_body_leave_at ON reports_rounds (body, leave_at);
CREATE INDEX ix_reports_rounds_leave_at ON reports_rounds (leave_at);
CREATE TABLE reports_round_stops (
    round_id {uuid} NOT NULL,
    report_id {uuid} NOT NULL,
    place {int} NOT NULL,
    urgent {bool} NOT NULL,
    CONSTRAINT pk_reports_round_stops PRIMARY KEY (round_id, report_id)
);
CREATE INDEX ix_reports_round_stops_report_id ON reports_round_stops (report_id);
