-- Whose time and working days the public due date is counted in: a transfer does not change it. Of what was handed on before, nobody noted it: the holder counts.
ALTER TABLE reports_reports ADD COLUMN clock_body {text} NULL;
UPDATE reports_reports SET clock_body = holder WHERE hops = 0;
