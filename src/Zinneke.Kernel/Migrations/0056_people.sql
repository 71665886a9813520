-- An invitation opens for longer than a link that somebody asked for; a key says when it was last used.
ALTER TABLE sign_in_links ADD COLUMN expires_at {long} NULL;
ALTER TABLE api_keys ADD COLUMN used_at {long} NULL;
