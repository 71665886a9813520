CREATE TABLE reports_reports (
    id {uuid} NOT NULL CONSTRAINT pk_reports_reports PRIMARY KEY,
    number {text} NOT NULL,
    client_id {uuid} NOT NULL,
    content_hash {bytes} NOT NULL,
    channel {text} NOT NULL,
    language {text} NOT NULL,
    created_at {long} NOT NULL,
    updated_at {long} NOT NULL,
    category {text} NOT NULL,
    lon {real} NULL,
    lat {real} NULL,
    accuracy_metres {real} NULL,
    area {text} NULL,
    state {text} NOT NULL,
    visibility {text} NOT NULL,
    holder {text} NULL,
    holder_since {long} NULL,
    previous_holder {text} NULL,
    rejected_by {text} NOT NULL,
    hops {int} NOT NULL,
    reopen_count {int} NOT NULL,
    due_at {long} NULL,
    holder_due_at {long} NULL,
    paused_since {long} NULL,
    state_before_hold {text} NULL,
    hold_reason {text} NULL,
    decline_reason {text} NULL,
    planned_from {long} NULL,
    planned_to {long} NULL,
    ended_at {long} NULL,
    ended_by {text} NULL,
    reference {text} NULL,
    rule {text} NULL,
    rule_set {long} NOT NULL,
    confidence {real} NOT NULL,
    uncertain {bool} NOT NULL,
    dispatch {text} NOT NULL,
    priority {text} NOT NULL,
    assignee {uuid} NULL,
    support_count {int} NOT NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_reports_reports_number ON reports_reports (number);
CREATE UNIQUE INDEX ux_reports_reports_client_id ON reports_reports (client_id);
CREATE INDEX ix_reports_reports_holder_state_due_at ON reports_reports (holder, state, due_at);
CREATE INDEX ix_reports_reports_created_at_id ON reports_reports (created_at, id);
CREATE INDEX ix_reports_reports_updated_at_id ON reports_reports (updated_at, id);

-- Words, contacts and photos lie apart from the report, so that erasing them changes neither the report nor the log.
CREATE TABLE reports_words (
    report_id {uuid} NOT NULL CONSTRAINT pk_reports_words PRIMARY KEY,
    description {text} NOT NULL,
    address {text} NULL,
    answers {text} NOT NULL
);

CREATE TABLE reports_contacts (
    report_id {uuid} NOT NULL CONSTRAINT pk_reports_contacts PRIMARY KEY,
    email {text} NULL,
    name {text} NULL,
    phone {text} NULL,
    notify {bool} NOT NULL,
    account {uuid} NULL
);
CREATE INDEX ix_reports_contacts_email ON reports_contacts (email);
CREATE INDEX ix_reports_contacts_account ON reports_contacts (account);

CREATE TABLE reports_entries (
    id {uuid} NOT NULL CONSTRAINT pk_reports_entries PRIMARY KEY,
    report_id {uuid} NOT NULL,
    at {long} NOT NULL,
    actor {uuid} NOT NULL,
    action {text} NOT NULL,
    state {text} NULL,
    body {text} NULL,
    reason {text} NULL,
    text {text} NOT NULL,
    internal {bool} NOT NULL
);
CREATE INDEX ix_reports_entries_report_id_at ON reports_entries (report_id, at);

CREATE TABLE reports_photos (
    id {uuid} NOT NULL CONSTRAINT pk_reports_photos PRIMARY KEY,
    report_id {uuid} NOT NULL,
    file_id {uuid} NOT NULL,
    "order" {int} NOT NULL,
    after {bool} NOT NULL,
    hidden {bool} NOT NULL
);
CREATE INDEX ix_reports_photos_report_id ON reports_photos (report_id);
CREATE INDEX ix_reports_photos_file_id ON reports_photos (file_id);

CREATE TABLE reports_supports (
    report_id {uuid} NOT NULL,
    "by" {text} NOT NULL,
    at {long} NOT NULL,
    CONSTRAINT pk_reports_supports PRIMARY KEY (report_id, "by")
);

CREATE TABLE reports_numbers (
    year {int} NOT NULL CONSTRAINT pk_reports_numbers PRIMARY KEY,
    next {int} NOT NULL,
    version {long} NOT NULL
);
