-- Who follows a report, an area or a circle by mail; nothing is sent before the address has confirmed it.
CREATE TABLE reports_subscriptions (
    id {uuid} NOT NULL CONSTRAINT pk_reports_subscriptions PRIMARY KEY,
    email {text} NOT NULL,
    target {text} NOT NULL,
    language {text} NOT NULL,
    report_id {uuid} NULL,
    area {text} NULL,
    lon {real} NULL,
    lat {real} NULL,
    radius_metres {int} NULL,
    categories {text} NOT NULL,
    asked_at {long} NOT NULL,
    confirmed_at {long} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_subscriptions_email_target ON reports_subscriptions (email, target);
CREATE INDEX ix_reports_subscriptions_report_id ON reports_subscriptions (report_id);
CREATE INDEX ix_reports_subscriptions_area ON reports_subscriptions (area);
CREATE INDEX ix_reports_subscriptions_lat_lon ON reports_subscriptions (lat, lon);
