-- Links that are mailed to who asks for their reports without an account: each opens once and is kept as a hash. Who supports what is found by who it is.
CREATE TABLE reports_mine_links (
    id {uuid} NOT NULL CONSTRAINT pk_reports_mine_links PRIMARY KEY,
    hash {bytes} NOT NULL,
    email {text} NOT NULL,
    created_at {long} NOT NULL,
    used_at {long} NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_mine_links_hash ON reports_mine_links (hash);
CREATE INDEX ix_reports_mine_links_email ON reports_mine_links (email);
CREATE INDEX ix_reports_supports_by ON reports_supports ("by");
