using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>Permissions of the module and the roles and scopes that carry them (R22).</summary>
internal static class ReportPermissions
{
    /// <summary>See staff fields of reports: contacts, notes, the whole routing trace.</summary>
    public const string Read = "reports.report.read";

    /// <summary>Accept, plan, answer, hand on, close.</summary>
    public const string Act = "reports.report.act";

    /// <summary>Work on the spot: start and resolve.</summary>
    public const string Repair = "reports.report.repair";

    /// <summary>Send reports for a channel without the limits of residents, also of categories for professionals.</summary>
    public const string Submit = "reports.report.submit";

    /// <summary>Send reports through Open311.</summary>
    public const string Request = "reports.report.request";

    /// <summary>Answer as the system of the body that has a report.</summary>
    public const string Partner = "reports.report.partner";

    /// <summary>Change categories and rules.</summary>
    public const string Edit = "reports.catalogue.edit";

    /// <summary>See who did what to a report, with before and after.</summary>
    public const string Audit = "reports.report.audit";

    public static IReadOnlyList<Permission> All { get; } =
    [
        new(Read, "See contacts, notes and the routing of reports"),
        new(Act, "Accept, plan, answer, hand on and close reports"),
        new(Repair, "Start and resolve reports on the spot"),
        new(Submit, "Send reports for a channel, also of categories for professionals"),
        new(Request, "Send reports through Open311"),
        new(Partner, "Answer as the system of the body that has a report"),
        new(Edit, "Change categories and rules"),
        new(Audit, "See who did what to a report, with before and after"),
    ];

    public static IReadOnlyList<Role> Roles { get; } =
    [
        new("reader", "reports.role.reader", Read),
        new("agent", "reports.role.agent", Read, Act),
        new("crew", "reports.role.crew", Read, Repair),
        new("dispatcher", "reports.role.dispatcher", Read, Act, Submit),
        new("head", "reports.role.head", Read, Act, Repair, Submit, Edit, Audit),
    ];

    public static IReadOnlyList<RoleGrant> Grants { get; } =
    [
        new(BuiltInRoles.Officer, Read, Act),
        new(BuiltInRoles.Manager, Read, Act, Repair, Submit, Edit),
        new(BuiltInRoles.Moderator, Read),
        new(BuiltInRoles.Auditor, Read, Audit),
    ];

    public static IReadOnlyList<Scope> Scopes { get; } =
    [
        new("reports:read", "Read all public fields, with higher limits"),
        new("reports:write", "Send reports for a channel", Submit),
        new("open311", "Send reports through Open311", Request) { TextKey = "reports.scope.open311" },
        new("reports:staff", "Work on the reports of a body", Read, Act, Repair) { NeedsBody = true },
        new("partner", "Answer as the system of a body, and ask for its reports", Partner) { NeedsBody = true, TextKey = "reports.scope.partner" },
        new("reports:audit", "See who did what to reports", Audit),
    ];

    /// <summary>
    /// Readers may ask ten times as often as anybody (reports.md 5.4). A channel sends and acts, staff and partners work, apps of Open311 send without limit; but each only there. What one address
    /// may be sent by mail is limited for all.
    /// </summary>
    public static IReadOnlyList<Allowance> Allowances { get; } =
    [
        .. new[] { Doors.OfApi, MapApi.Looking, StatisticsApi.Adding, LiveStream.Opening }.Select(limit => new Allowance("reports:read", limit.Name, 10)),
        .. new[] { Doors.OfApi, FileReportApi.Submitting, ActOnReportApi.ByAnybody, ActOnReportApi.Picturing, FollowReportsApi.Asking }.Select(limit => new Allowance("reports:write", limit.Name)),
        .. new[] { Doors.OfApi, ActOnReportApi.ByAnybody, ActOnReportApi.Picturing }.Select(limit => new Allowance("reports:staff", limit.Name)),
        new("partner", Doors.OfApi.Name),
        new("open311", Open311.Asking.Name),
    ];

    /// <summary>Who works on reports, at the desk or in the street, has as much to do as there is.</summary>
    public static IReadOnlyList<StaffAllowance> OfStaff { get; } =
    [
        .. new[] { Act, Repair }.SelectMany(work => new[] { ActOnReportApi.ByAnybody, ActOnReportApi.Picturing }.Select(limit => new StaffAllowance(work, limit.Name))),
    ];
}

/// <summary>Which hats a caller wears towards a report, as far as the limits of their roles reach (R22). Staff of a parent see a report but leave the work to its holder.</summary>
internal static class Hats
{
    private const long SoonMicros = 30 * TimeSpan.MicrosecondsPerMinute;

    /// <param name="isReporter">The caller holds the report's private link, or filed it with the account.</param>
    /// <param name="coordinator">Id of the coordinating body.</param>
    /// <param name="now">UTC microseconds.</param>
    public static Who Of(Caller caller, Report report, bool isReporter, string coordinator, long now)
    {
        var who = Who.Anyone;
        if (isReporter)
        {
            who |= Who.Reporter | (now - report.CreatedAt <= SoonMicros ? Who.ReporterSoon : 0);
        }
        if (!caller.CanSomewhere(ReportPermissions.Act) && !caller.CanSomewhere(ReportPermissions.Repair))
        {
            return who;
        }
        var where = new Where(report.Holder, report.Category, report.Area);
        who |= caller.CanSomewhere(ReportPermissions.Act) ? Who.Staff : 0;
        who |= caller.CanAsStaff(ReportPermissions.Act, where) ? Who.HolderStaff : 0;
        who |= caller.Can(ReportPermissions.Act, where) ? Who.HolderParentStaff : 0;
        who |= caller.CanAsStaff(ReportPermissions.Act, where with { Body = coordinator }) ? Who.Coordinator : 0;
        who |= caller.CanAsStaff(ReportPermissions.Repair, where) ? Who.Crew : 0;
        who |= caller.IsProgram ? Who.System : 0;
        return who;
    }

    /// <summary>The own system of the body that has it asks, or answers.</summary>
    public static bool IsHoldersSystem(Caller caller, Report report) => report.Holder is { } holder && caller.CanAsStaff(ReportPermissions.Partner, new Where(holder));

    /// <summary>The body in whose name somebody with these hats acts: the holder, the coordinator, or else one of their own; null for residents and the program.</summary>
    public static string? BodyOf(Caller caller, Report report, Who who, string coordinator) =>
        caller.IsProgram ? null
        : (who & (Who.HolderStaff | Who.Crew | Who.Partner)) != 0 ? report.Holder
        : who.HasFlag(Who.Coordinator) ? coordinator
        : who.HasFlag(Who.Staff) ? caller.ReachesOf(ReportPermissions.Act).Select(reach => reach.Body).FirstOrDefault(body => body is not null)
        : null;
}
