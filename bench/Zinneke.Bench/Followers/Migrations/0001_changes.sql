CREATE TABLE bench_subjects (
    generation {int} NOT NULL,
    subject {text} NOT NULL,
    value {long} NOT NULL,
    CONSTRAINT pk_bench_subjects PRIMARY KEY (generation, subject)
);
