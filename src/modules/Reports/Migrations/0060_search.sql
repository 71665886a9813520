-- What people search in, folded; the words of before are found again once they change.
ALTER TABLE reports_words ADD COLUMN search {text} NOT NULL DEFAULT '';
