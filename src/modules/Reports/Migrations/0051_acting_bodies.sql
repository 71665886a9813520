-- The body in whose name something was done: after a report was sent back, its holder is another one.
ALTER TABLE reports_entries ADD COLUMN acting_body {text} NULL;
UPDATE reports_entries SET acting_body = (
        SELECT p.body FROM reports_entries p WHERE p.report_id = reports_entries.report_id AND p.at < reports_entries.at ORDER BY p.at DESC LIMIT 1)
    WHERE action NOT IN ('submit', 'withdraw', 'reopen', 'confirm', 'support', 'photo', 'askReview', 'contactErased')
    AND (action NOT IN ('comment', 'recategorise', 'move')
        OR actor NOT IN (SELECT s.actor FROM reports_entries s WHERE s.report_id = reports_entries.report_id AND s.action = 'submit'));
