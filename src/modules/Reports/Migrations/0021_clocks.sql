-- What a due date is counted from, so that it can be counted again for another category or priority; and whether work had begun.
ALTER TABLE reports_reports ADD COLUMN clock_since {long} NOT NULL DEFAULT 0;
ALTER TABLE reports_reports ADD COLUMN pauses {text} NOT NULL DEFAULT '';
ALTER TABLE reports_reports ADD COLUMN work_started {bool} NOT NULL DEFAULT FALSE;
UPDATE reports_reports SET clock_since = created_at, work_started = state = 'inProgress' OR coalesce(state_before_hold, '') = 'inProgress';
ALTER TABLE reports_reports DROP COLUMN state_before_hold;
