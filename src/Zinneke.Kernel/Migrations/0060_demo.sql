-- Parts of the demonstration city that this installation holds; without an end when one is half made.
CREATE TABLE demo_parts (
    name {text} NOT NULL,
    begun_at {long} NOT NULL,
    done_at {long} NULL,
    CONSTRAINT pk_demo_parts PRIMARY KEY (name)
);
