-- Whether mail to an address gets through is asked with each look at a desk: found in the index alone.
DROP INDEX ix_mails_address;
CREATE INDEX ix_mails_address_state_ended_at ON mails (address, state, ended_at);
