-- The newest generation that a rebuild took for itself, so that two rebuilds at once never write the same.
ALTER TABLE followers ADD COLUMN reserved {int} NULL;
