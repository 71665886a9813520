-- The full-text index follows its table by triggers, so that whatever writes entries (a follower, a rebuild, a move between stores) keeps it. Every word stands there as it is, for what is
-- being typed, and as the dictionary of its language has it. Marks have the weight A, words D: neither finds the other.
CREATE SEQUENCE search_docs_doc;
CREATE TABLE search_docs (
    doc bigint NOT NULL CONSTRAINT pk_search_docs PRIMARY KEY,
    generation integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    words tsvector NOT NULL,
    CONSTRAINT ux_search_docs_entry UNIQUE (generation, kind, id)
);
CREATE INDEX ix_search_docs_words ON search_docs USING gin (words);
CREATE FUNCTION search_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lexemes tsvector;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM search_docs d WHERE d.generation = OLD.generation AND d.kind = OLD.kind AND d.id = OLD.id;
        RETURN NULL;
    END IF;
    lexemes := setweight(to_tsvector('simple', NEW.marks), 'A')
        || to_tsvector('simple', concat_ws(' ', NEW.plain, NEW.fr, NEW.nl, NEW.en, NEW.de))
        || to_tsvector('french', NEW.fr) || to_tsvector('dutch', NEW.nl) || to_tsvector('english', NEW.en) || to_tsvector('german', NEW.de);
    IF TG_OP = 'UPDATE' THEN
        UPDATE search_docs d SET words = lexemes WHERE d.generation = NEW.generation AND d.kind = NEW.kind AND d.id = NEW.id;
    ELSE
        INSERT INTO search_docs (doc, generation, kind, id, words)
        VALUES (nextval('search_docs_doc') + CASE WHEN NEW.first THEN 4611686018427387904 ELSE 0 END, NEW.generation, NEW.kind, NEW.id, lexemes);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_entry_changed AFTER INSERT OR DELETE OR UPDATE OF plain, fr, nl, en, de, marks ON search_entries FOR EACH ROW EXECUTE FUNCTION search_entry_changed();
