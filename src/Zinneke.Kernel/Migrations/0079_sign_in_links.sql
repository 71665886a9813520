-- A half-filled form waits in the page of the person who filled it in, and no longer beside the link.
ALTER TABLE sign_in_links DROP COLUMN form;
