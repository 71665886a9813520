-- What the search page finds: an entry for each public thing of each module, and the longer words of all entries with how many have them. Derived, by generation.
CREATE TABLE search_entries (
    generation {int} NOT NULL,
    kind {text} NOT NULL,
    id {text} NOT NULL,
    first {bool} NOT NULL,
    path {text} NOT NULL,
    title {text} NOT NULL,
    says {text} NOT NULL,
    label {text} NOT NULL,
    under {text} NULL,
    body {text} NULL,
    area {text} NULL,
    at {long} NULL,
    fr {text} NOT NULL,
    nl {text} NOT NULL,
    en {text} NOT NULL,
    de {text} NOT NULL,
    plain {text} NOT NULL,
    marks {text} NOT NULL,
    CONSTRAINT pk_search_entries PRIMARY KEY (generation, kind, id)
);
CREATE TABLE search_vocabulary (
    generation {int} NOT NULL,
    word {text} NOT NULL,
    count {int} NOT NULL,
    CONSTRAINT pk_search_vocabulary PRIMARY KEY (generation, word)
);
