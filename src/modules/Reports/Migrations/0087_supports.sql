-- Support of before network addresses were marked may come from one: what cannot be told apart is forgotten in time like an address. Who has supported again since is there already.
DELETE FROM reports_supports WHERE "by" NOT LIKE 'net-%'
    AND EXISTS (SELECT 1 FROM reports_supports AS again WHERE again.report_id = reports_supports.report_id AND again."by" = 'net-' || reports_supports."by");
UPDATE reports_supports SET "by" = 'net-' || "by" WHERE "by" NOT LIKE 'net-%';
