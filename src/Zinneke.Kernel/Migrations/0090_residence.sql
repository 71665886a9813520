-- Who lives where: codes that a municipality sends to the homes of its register, and who has shown one.
CREATE TABLE invitation_lists (
    id {uuid} NOT NULL CONSTRAINT pk_invitation_lists PRIMARY KEY,
    body {text} NOT NULL,
    municipality {text} NOT NULL,
    postcodes {text} NOT NULL,
    count {int} NOT NULL,
    created_at {long} NOT NULL,
    created_by {uuid} NOT NULL,
    expires_at {long} NOT NULL,
    revoked_at {long} NULL,
    version {long} NOT NULL
);
CREATE TABLE invitations (
    list_id {uuid} NOT NULL,
    number {int} NOT NULL,
    hash {bytes} NOT NULL,
    used_at {long} NULL,
    revoked_at {long} NULL,
    version {long} NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (list_id, number)
);
CREATE UNIQUE INDEX ux_invitations_hash ON invitations (hash);
CREATE TABLE residences (
    account_id {uuid} NOT NULL CONSTRAINT pk_residences PRIMARY KEY,
    municipality {text} NOT NULL,
    postcode {text} NOT NULL,
    list_id {uuid} NULL,
    number {int} NULL,
    verified_at {long} NOT NULL,
    version {long} NOT NULL
);
CREATE UNIQUE INDEX ux_residences_list_id_number ON residences (list_id, number);
