using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Lives through what happens to one report of the demonstration until now, by the same rules as a real one: accepted or handed on, planned, put on hold, solved,
/// contradicted, forgotten for some weeks. Keeps the events and the lines of its history.
/// </summary>
internal sealed class DemoLife
{
    private const double ShareWithdrawn = 0.012, ShareHandedOn = 0.07, ShareUnseen = 0.06, ShareDeclined = 0.09, ShareHeld = 0.1, SharePlanned = 0.45, ShareForgotten = 0.06,
        ShareComment = 0.12, ShareReopened = 0.06, ShareConfirmed = 0.3;

    private static readonly string[] DeclineReasons = ["nothingFound", "notPublicSpace", "plannedWorks", "insufficientInformation", "acceptedDefect"];
    private static readonly string[] HoldReasons = ["awaitingReporter", "weather", "thirdParty", "budget"];
    private static readonly string[] ReopenReasons = ["notSolved", "badlySolved", "cameBack"];

    private readonly RoutingSnapshot map;
    private readonly Func<string?, Actor> officerOf;
    private readonly Ids ids;
    private readonly Random chance;
    private readonly long now;
    private readonly double promisedDays;
    private long at;

    /// <param name="officerOf">Who acts for a body.</param>
    /// <param name="now">Nothing happens later, UTC microseconds.</param>
    public DemoLife(Report report, RoutingSnapshot map, Func<string?, Actor> officerOf, Ids ids, Random chance, long now)
    {
        (Report, this.map, this.officerOf, this.ids, this.chance, this.now) = (report, map, officerOf, ids, chance, now);
        at = report.CreatedAt;
        promisedDays = report.DueAt is { } due ? (due - at) / (double)TimeSpan.MicrosecondsPerDay : 10;
    }

    public Report Report { get; }

    /// <summary>Who did what when; the first is the arrival of the report.</summary>
    public List<(Actor Actor, long At, ReportEvent Event, string? Body)> Events { get; } = [];

    public List<ReportEntry> Entries { get; } = [];

    public void Live()
    {
        Received();
        if (chance.NextDouble() < ShareWithdrawn)
        {
            Wait(0.02, 0.2, office: false);
            Do(ReportAction.Withdraw, Who.Reporter, Actor.Anonymous);
            return;
        }
        if (Accept())
        {
            Work(solvedBefore: false);
        }
    }

    private void Received()
    {
        var routed = new ReportReceived(Report.Standing(), Report.Channel, Report.Language, Report.Rule, Report.RuleSet, Report.Confidence, Report.Uncertain);
        Events.Add((Actor.Anonymous, at, routed, Report.Holder));
        Entry("submit", Actor.Anonymous, Report.State, null, Text.Empty);
    }

    /// <summary>Somebody says that it is theirs, sometimes after it went elsewhere; false when it still waits.</summary>
    private bool Accept()
    {
        Wait(0.1, 2.5);
        if (chance.NextDouble() < ShareHandedOn)
        {
            Staff(ReportAction.Reject, new ActionInput { Reason = chance.Next(2) == 0 ? "notOurTask" : "notOurRoad" }, DemoAnswers.Of("handOn", "", chance));
            Wait(0.2, 3);
        }
        if (chance.NextDouble() < ShareUnseen)
        {
            Wait(10, 110);
        }
        if (!Staff(ReportAction.Accept))
        {
            return false;
        }
        if (chance.NextDouble() < 0.2 && at < now)
        {
            Report.Assignee = officerOf(Report.Holder).Id;
        }
        return true;
    }

    private void Work(bool solvedBefore)
    {
        if (chance.NextDouble() < ShareComment)
        {
            Wait(0.3, 3);
            Comment();
        }
        if (!solvedBefore && chance.NextDouble() < ShareDeclined)
        {
            Wait(0.5, 6);
            var reason = Pick(DeclineReasons);
            Staff(ReportAction.Decline, new ActionInput { Reason = reason, HasAnswer = true }, DemoAnswers.Of("decline", reason, chance));
            return;
        }
        if (chance.NextDouble() < ShareHeld && !Pause())
        {
            return;
        }
        if (chance.NextDouble() < SharePlanned)
        {
            Wait(0.2, 2);
            var from = Office(at + Days(promisedDays * (0.2 + (0.6 * chance.NextDouble()))));
            if (!Staff(ReportAction.Plan, new ActionInput { PlannedFrom = from, PlannedTo = from + Days(3) }, DemoAnswers.Of("plan", "", chance)))
            {
                return;
            }
            at = from;
            Staff(ReportAction.Start);
        }
        if (chance.NextDouble() < ShareForgotten)
        {
            Wait(10, 110);
        }
        Solve(solvedBefore);
    }

    /// <summary>False when it is still on hold.</summary>
    private bool Pause()
    {
        var reason = Pick(HoldReasons);
        Wait(0.2, 3);
        if (!Staff(ReportAction.Hold, new ActionInput { Reason = reason }, DemoAnswers.Of("hold", reason, chance)))
        {
            return false;
        }
        if (reason == "awaitingReporter")
        {
            Wait(0.3, 4, office: false);
            Comment(DemoAnswers.Of("reporter", reason, chance), Actor.Anonymous);
        }
        Wait(2, 20);
        return Staff(ReportAction.Resume);
    }

    private void Solve(bool solvedBefore)
    {
        // Most within what was promised, a long tail behind it.
        at = Office(at + Days(promisedDays * 0.45 * Math.Exp(0.9 * HotSpots.Normal(chance).A)));
        if (!Staff(ReportAction.Resolve, new ActionInput { HasAnswer = true }, DemoAnswers.Of("resolve", Report.Category.Split('-')[0], chance)))
        {
            return;
        }
        var solved = at;
        if (!solvedBefore && chance.NextDouble() < ShareReopened)
        {
            Wait(1, 12, office: false);
            var reason = Pick(ReopenReasons);
            if (Do(ReportAction.Reopen, Who.Anyone, Actor.Anonymous, new ActionInput { Reason = reason }, DemoAnswers.Of("reopen", reason, chance)) && Accept())
            {
                Work(solvedBefore: true);
            }
            return;
        }
        var byReporter = chance.NextDouble() < ShareConfirmed;
        at = solved + Days(byReporter ? 0.2 + (4 * chance.NextDouble()) : 14);
        Do(ReportAction.Confirm, byReporter ? Who.Reporter : Who.System, byReporter ? Actor.Anonymous : Actor.System);
    }

    private bool Staff(ReportAction action, ActionInput? input = null, Text? said = null) => Do(action, Who.HolderStaff, officerOf(Report.Holder), input, said);

    /// <summary>Does an action unless its time has not come.</summary>
    private bool Do(ReportAction action, Who who, Actor actor, ActionInput? input = null, Text? said = null)
    {
        if (at >= now)
        {
            return false;
        }
        var (before, holder) = (Report.State, Report.Holder);
        if (!Report.Act(action, who, input ?? new ActionInput(), World.Of(map, at, Report)).Is(out var change, out _))
        {
            return false;
        }
        Events.Add((actor, at, change, Report.Holder));
        Entry(ReportWords.Word(action), actor, Report.State == before ? null : Report.State, change.Reason, said ?? Text.Empty, who == Who.HolderStaff ? holder : null);
        return true;
    }

    private void Comment(Text? said = null, Actor? actor = null)
    {
        if (at < now)
        {
            var by = actor ?? officerOf(Report.Holder);
            Report.UpdatedAt = at;
            Events.Add((by, at, new ReportNoted(Report.Standing(), "comment", null), Report.Holder));
            Entry("comment", by, null, null, said ?? DemoAnswers.Of("comment", "", chance), actor is null ? Report.Holder : null);
        }
    }

    private void Entry(string action, Actor actor, ReportState? state, string? reason, Text said, string? actingBody = null) => Entries.Add(new ReportEntry
    {
        Id = ids.Next(),
        ReportId = Report.Id,
        At = at,
        Actor = actor.Id,
        Action = action,
        State = state,
        Body = Report.Holder,
        ActingBody = actingBody,
        Reason = reason,
        Text = said,
    });

    /// <summary>Lets some days pass, as offices work or at any hour.</summary>
    private void Wait(double daysMin, double daysMax, bool office = true)
    {
        at += Days(daysMin + ((daysMax - daysMin) * chance.NextDouble()));
        at = office ? Office(at) : at;
    }

    /// <summary>The instant, or the next at which the holder is at work.</summary>
    private long Office(long instant)
    {
        var calendar = map.CalendarOf(Report.Holder);
        var date = calendar.DateOf(instant);
        if (calendar.IsWorkDay(date) && calendar.LocalAt(instant).Hour is >= 8 and < 17)
        {
            return instant;
        }
        return calendar.At(calendar.AddWorkDays(date, 1), new TimeOnly(8 + chance.Next(3), chance.Next(60)));
    }

    private string Pick(string[] words) => words[chance.Next(words.Length)];

    private static long Days(double days) => (long)(days * TimeSpan.MicrosecondsPerDay);
}
