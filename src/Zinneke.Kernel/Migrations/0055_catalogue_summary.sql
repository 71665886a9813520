-- What putting an edition in force changed, so that the list of editions says it.
ALTER TABLE catalogues ADD COLUMN summary {text} NULL;
