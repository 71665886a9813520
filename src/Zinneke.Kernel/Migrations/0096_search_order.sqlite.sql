-- Numbers of documents now follow the time at which their things came, 2^24 to a second: lists go by time, and a history that is imported late lies where it belongs. Beginnings of words are
-- looked up among the words that are kept, each of which is then looked for as it is: the index needs no beginnings any more. Nobody looks in the
-- generation of a check, which is below 0. What it found until now is derived anew at the next start.
DROP TRIGGER search_entry_added;
DROP TRIGGER search_entry_changed;
DROP TRIGGER search_entry_removed;
DROP TABLE search_words;
DELETE FROM search_docs;
DELETE FROM search_entries;
DELETE FROM search_vocabulary;
CREATE VIRTUAL TABLE search_words USING fts5 (words, marks, content = '', detail = column, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entries WHEN NEW.generation > 0 BEGIN
    INSERT INTO search_docs (doc, generation, kind, id)
        SELECT coalesce((SELECT max(doc) FROM search_docs WHERE doc >= base AND doc < base + 16777216), base) + 1, NEW.generation, NEW.kind, NEW.id
        FROM (SELECT CASE WHEN NEW.first THEN 4611686018427387904 ELSE max(coalesce(NEW.at, 0), 0) / 1000000 * 16777216 END AS base);
    INSERT INTO search_words (rowid, words, marks)
        SELECT doc, NEW.plain || ' ' || NEW.fr || ' ' || NEW.nl || ' ' || NEW.en || ' ' || NEW.de, NEW.marks FROM search_docs WHERE generation = NEW.generation AND kind = NEW.kind AND id = NEW.id;
END;
CREATE TRIGGER search_entry_changed AFTER UPDATE OF plain, fr, nl, en, de, marks ON search_entries WHEN NEW.generation > 0 BEGIN
    INSERT INTO search_words (search_words, rowid, words, marks)
        SELECT 'delete', doc, OLD.plain || ' ' || OLD.fr || ' ' || OLD.nl || ' ' || OLD.en || ' ' || OLD.de, OLD.marks FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
    INSERT INTO search_words (rowid, words, marks)
        SELECT doc, NEW.plain || ' ' || NEW.fr || ' ' || NEW.nl || ' ' || NEW.en || ' ' || NEW.de, NEW.marks FROM search_docs WHERE generation = NEW.generation AND kind = NEW.kind AND id = NEW.id;
END;
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entries WHEN OLD.generation > 0 BEGIN
    INSERT INTO search_words (search_words, rowid, words, marks)
        SELECT 'delete', doc, OLD.plain || ' ' || OLD.fr || ' ' || OLD.nl || ' ' || OLD.en || ' ' || OLD.de, OLD.marks FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
    DELETE FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
END;
-- Until they are, the follower stands at the beginning: lists do not ask it.
UPDATE followers SET position = 0 WHERE name = 'kernel.search';
