-- Numbers of documents now follow the time at which their things came, 2^24 to a second: lists go by time, and a history that is imported late lies where it belongs. Whoever writes entries
-- writes them alone, so that the next number of a second is free. Nobody looks in the generation of a check, which is below 0.
DROP SEQUENCE search_docs_doc;
CREATE OR REPLACE FUNCTION search_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lexemes tsvector;
    base bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM search_docs d WHERE d.generation = OLD.generation AND d.kind = OLD.kind AND d.id = OLD.id;
        RETURN NULL;
    END IF;
    IF NEW.generation < 0 THEN
        RETURN NULL;
    END IF;
    lexemes := setweight(to_tsvector('simple', NEW.marks), 'A')
        || to_tsvector('simple', concat_ws(' ', NEW.plain, NEW.fr, NEW.nl, NEW.en, NEW.de))
        || to_tsvector('french', NEW.fr) || to_tsvector('dutch', NEW.nl) || to_tsvector('english', NEW.en) || to_tsvector('german', NEW.de);
    IF TG_OP = 'UPDATE' THEN
        UPDATE search_docs d SET words = lexemes WHERE d.generation = NEW.generation AND d.kind = NEW.kind AND d.id = NEW.id;
    ELSE
        base := CASE WHEN NEW.first THEN 4611686018427387904 ELSE greatest(coalesce(NEW.at, 0), 0) / 1000000 * 16777216 END;
        INSERT INTO search_docs (doc, generation, kind, id, words)
        VALUES (coalesce((SELECT max(d.doc) FROM search_docs d WHERE d.doc >= base AND d.doc < base + 16777216), base) + 1, NEW.generation, NEW.kind, NEW.id, lexemes);
    END IF;
    RETURN NULL;
END
$$;
-- Until they are, the follower stands at the beginning: lists do not ask it.
UPDATE followers SET position = 0 WHERE name = 'kernel.search';
