-- Streets (number '') and the houses of some of them, by natural key.
CREATE TABLE addresses (
    id {text} NOT NULL CONSTRAINT pk_addresses PRIMARY KEY,
    street {text} NOT NULL,
    number {text} NOT NULL,
    fr {text} NULL,
    nl {text} NULL,
    de {text} NULL,
    postcode {text} NULL,
    municipality {text} NULL,
    lon {real} NOT NULL,
    lat {real} NOT NULL,
    approximate {bool} NOT NULL,
    version {long} NOT NULL
);
CREATE INDEX ix_addresses_number ON addresses (number);
