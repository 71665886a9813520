-- The full-text index follows its table by triggers, so that whatever writes entries (a follower, a rebuild, a move between stores) keeps it. Numbers of documents are stored, because
-- VACUUM may renumber rows that have none. Without its own content, and with what is deleted taken out of the pages: erased words do not stay behind.
CREATE TABLE search_docs (
    doc INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (generation, kind, id)
);
CREATE VIRTUAL TABLE search_words USING fts5 (words, marks, content = '', detail = column, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entries BEGIN
    INSERT INTO search_docs (doc, generation, kind, id) VALUES (
        CASE WHEN NEW.first THEN coalesce((SELECT max(doc) FROM search_docs WHERE doc > 4611686018427387904), 4611686018427387904) + 1
            ELSE coalesce((SELECT max(doc) FROM search_docs WHERE doc < 4611686018427387904), 0) + 1 END,
        NEW.generation, NEW.kind, NEW.id);
    INSERT INTO search_words (rowid, words, marks)
        SELECT doc, NEW.plain || ' ' || NEW.fr || ' ' || NEW.nl || ' ' || NEW.en || ' ' || NEW.de, NEW.marks FROM search_docs WHERE generation = NEW.generation AND kind = NEW.kind AND id = NEW.id;
END;
CREATE TRIGGER search_entry_changed AFTER UPDATE OF plain, fr, nl, en, de, marks ON search_entries BEGIN
    INSERT INTO search_words (search_words, rowid, words, marks)
        SELECT 'delete', doc, OLD.plain || ' ' || OLD.fr || ' ' || OLD.nl || ' ' || OLD.en || ' ' || OLD.de, OLD.marks FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
    INSERT INTO search_words (rowid, words, marks)
        SELECT doc, NEW.plain || ' ' || NEW.fr || ' ' || NEW.nl || ' ' || NEW.en || ' ' || NEW.de, NEW.marks FROM search_docs WHERE generation = NEW.generation AND kind = NEW.kind AND id = NEW.id;
END;
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entries BEGIN
    INSERT INTO search_words (search_words, rowid, words, marks)
        SELECT 'delete', doc, OLD.plain || ' ' || OLD.fr || ' ' || OLD.nl || ' ' || OLD.en || ' ' || OLD.de, OLD.marks FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
    DELETE FROM search_docs WHERE generation = OLD.generation AND kind = OLD.kind AND id = OLD.id;
END;
