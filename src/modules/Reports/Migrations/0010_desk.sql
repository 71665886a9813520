-- What each colleague keeps of the inbox: filters by name, and the columns shown.
CREATE TABLE reports_inbox_filters (
    id {uuid} NOT NULL CONSTRAINT pk_reports_inbox_filters PRIMARY KEY,
    account {uuid} NOT NULL,
    name {text} NOT NULL,
    query {text} NOT NULL
);
CREATE INDEX ix_reports_inbox_filters_account ON reports_inbox_filters (account);

CREATE TABLE reports_inbox_columns (
    account {uuid} NOT NULL CONSTRAINT pk_reports_inbox_columns PRIMARY KEY,
    columns {text} NOT NULL
);
