using System.Text.Json;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Testing.Reports;

/// <summary>The life of a report: hand-over, clocks, and whatever anybody may try.</summary>
public class ReportLifeTests
{
    private const long Hour = TimeSpan.MicrosecondsPerHour, Day = TimeSpan.MicrosecondsPerDay;

    private static readonly WorkCalendar Calendar = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels"));

    private static readonly string[] Bodies = ["a", "b", "c", "d", "e", "centre"];

    // Monday 4 May 2026, 10 o'clock in Brussels.
    private static readonly long Start = new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero).ToMicros();

    [Fact]
    public void A_rejected_report_goes_to_the_proposed_body_then_the_alternatives_then_back_then_to_the_coordinator()
    {
        var report = New();
        Reject(report, "e").ShouldBe("e", "the proposed body");
        Reject(report, "a").ShouldBe("b", "a has rejected it already: the next alternative");
        Reject(report, "nobody").ShouldBe("c", "unknown bodies are passed over");
        report.Hops.ShouldBe(3);
        Reject(report, "d").ShouldBe("centre", "after three moves every further one goes to the coordinator");
        Try(report, ReportAction.Reject, new ActionInput { Reason = "other" }).Refusal!.Code.ShouldBe("reports.coordinatorCannotReject");
    }

    [Fact]
    public void Without_alternatives_it_goes_back_and_then_to_the_coordinator()
    {
        var report = New(alternatives: []);
        Transfer(report, "d").ShouldBe("d");
        Reject(report, null).ShouldBe("a", "the previous holder, which did not reject it");
        Reject(report, null).ShouldBe("centre", "nobody is left");
    }

    [Fact]
    public void What_the_coordinator_assigns_after_too_many_moves_cannot_be_rejected()
    {
        var report = New();
        foreach (var body in new[] { "b", "c", "d" })
        {
            Transfer(report, body).ShouldBe(body);
        }
        Transfer(report, "e").ShouldBe("centre");
        Transfer(report, "e").ShouldBe("e", "the coordinator decides");
        var refusal = Try(report, ReportAction.Reject, new ActionInput { Reason = "other" }).Refusal!;
        refusal.Kind.ShouldBe(RefusalKind.Conflict);
        ((string[])refusal.Members["allowed"]!).ShouldNotContain("reject");
        Transfer(report, "b").ShouldBe("centre");
    }

    [Fact]
    public void The_public_due_stays_with_a_transfer_and_the_holder_gets_its_own()
    {
        var report = New();
        var due = report.DueAt;
        report.HolderDueAt.ShouldBe(due);
        Transfer(report, "b", Start + (2 * Day));
        report.DueAt.ShouldBe(due);
        report.HolderDueAt.ShouldBe(DueDate.Of(Start + (2 * Day), new Sla(5, SlaUnit.Workdays), Calendar));
    }

    [Fact]
    public void Both_clocks_stand_still_only_while_the_reporter_is_awaited()
    {
        foreach (var (reason, moves) in new[] { ("weather", false), ("awaitingReporter", true) })
        {
            var report = New();
            var due = report.DueAt!.Value;
            Do(report, ReportAction.Accept, Start + Hour);
            Do(report, ReportAction.Hold, Start + Day, new ActionInput { Reason = reason });
            Do(report, ReportAction.Resume, Start + (4 * Day));
            report.State.ShouldBe(ReportState.Accepted, "no work had started");
            var moved = DueDate.Moved(due, SlaUnit.Workdays, new Pause(Start + Day, Start + (4 * Day)), Calendar);
            report.DueAt.ShouldBe(moves ? moved : due);
            report.HolderDueAt.ShouldBe(moves ? moved : due);
        }
    }

    [Fact]
    public void The_public_clock_counts_in_the_time_of_the_body_that_it_began_with_whoever_has_the_report()
    {
        // The first body promises five working days, the next one 24 hours.
        static Circumstances Of(long now) => World(now) with { Sla = (_, body) => body == "a" ? new Sla(5, SlaUnit.Workdays) : new Sla(24, SlaUnit.Hours) };
        var report = New();
        var due = report.DueAt!.Value;
        void Act(ReportAction action, long at, ActionInput? input = null) => report.Act(action, Who.HolderStaff, input ?? new ActionInput(), Of(at)).Refusal.ShouldBeNull();
        Act(ReportAction.Transfer, Start + Day, new ActionInput { Reason = "other", Body = "b" });
        Act(ReportAction.Accept, Start + Day + Hour);
        Act(ReportAction.Hold, Start + Day + Hour, new ActionInput { Reason = "awaitingReporter" });
        Act(ReportAction.Resume, Start + (2 * Day) + Hour);
        var pause = new Pause(Start + Day + Hour, Start + (2 * Day) + Hour);
        report.DueAt.ShouldBe(DueDate.Moved(due, SlaUnit.Workdays, pause, Calendar), "a working day of waiting");
        report.HolderDueAt.ShouldBe(Start + (3 * Day), "24 hours of waiting");

        report.Prioritise(Priority.High, Of(Start + (2 * Day) + (2 * Hour)));
        (report.DueAt, report.HolderDueAt).ShouldBe((DueDate.Of(Start, new Sla(5, SlaUnit.Workdays), Calendar, [pause]), Start + (3 * Day)));
        Act(ReportAction.Recategorise, Start + (2 * Day) + (3 * Hour), new ActionInput { Category = "y", Routed = new Placed("1", "b", true) });
        report.DueAt.ShouldBe(Start + (2 * Day), "routing says that it was b’s from the beginning");
    }

    [Fact]
    public void What_was_planned_after_work_had_begun_comes_back_from_a_hold_as_work_under_way()
    {
        var report = New();
        Do(report, ReportAction.Accept, Start + Hour);
        Do(report, ReportAction.Plan, Start + (2 * Hour), new ActionInput { PlannedFrom = Start + Day });
        Do(report, ReportAction.Hold, Start + (3 * Hour), new ActionInput { Reason = "weather" });
        Do(report, ReportAction.Resume, Start + (4 * Hour));
        report.State.ShouldBe(ReportState.Accepted, "no work had begun");
        Do(report, ReportAction.Start, Start + (5 * Hour));
        Do(report, ReportAction.Plan, Start + (6 * Hour), new ActionInput { PlannedFrom = Start + Day });
        Do(report, ReportAction.Hold, Start + (7 * Hour), new ActionInput { Reason = "weather" });
        Do(report, ReportAction.Resume, Start + (8 * Hour));
        report.State.ShouldBe(ReportState.InProgress);
        Transfer(report, "b", Start + (9 * Hour));
        Do(report, ReportAction.Accept, Start + (10 * Hour));
        Do(report, ReportAction.Hold, Start + (11 * Hour), new ActionInput { Reason = "weather" });
        Do(report, ReportAction.Resume, Start + (12 * Hour));
        report.State.ShouldBe(ReportState.Accepted, "the new holder has not begun");
    }

    [Fact]
    public void Another_category_or_priority_counts_the_time_anew_from_where_each_clock_began_with_its_pauses()
    {
        var report = New();
        Do(report, ReportAction.Accept, Start + Hour);
        Transfer(report, "b", Start + Day);
        Do(report, ReportAction.Accept, Start + Day + Hour);
        Do(report, ReportAction.Hold, Start + (2 * Day), new ActionInput { Reason = "awaitingReporter" });
        Do(report, ReportAction.Resume, Start + (4 * Day));
        Do(report, ReportAction.Hold, Start + (5 * Day), new ActionInput { Reason = "awaitingReporter" });
        Do(report, ReportAction.Resume, Start + (6 * Day));
        var (usual, urgent) = (new Sla(5, SlaUnit.Workdays), new Sla(24, SlaUnit.Hours));
        Pause[] pauses = [new(Start + (2 * Day), Start + (4 * Day)), new(Start + (5 * Day), Start + (6 * Day))];
        (report.DueAt, report.HolderDueAt).ShouldBe((DueDate.Of(Start, usual, Calendar, pauses), DueDate.Of(Start + Day, usual, Calendar, pauses)));

        report.Prioritise(Priority.High, World(Start + (7 * Day), urgent));
        (report.DueAt, report.HolderDueAt).ShouldBe((Start + Day + (3 * Day), Start + (2 * Day) + (3 * Day)), "24 hours and three days of waiting");
        report.Prioritise(Priority.Normal, World(Start + (7 * Day)));
        report.DueAt.ShouldBe(DueDate.Of(Start, usual, Calendar, pauses));

        report.Act(ReportAction.Recategorise, Who.HolderStaff, new ActionInput { Category = "y", Routed = new Placed("1", "b", true) }, World(Start + (7 * Day), urgent)).Refusal.ShouldBeNull();
        (report.DueAt, report.State).ShouldBe((Start + Day + (3 * Day), ReportState.Accepted));
        report.Act(ReportAction.Recategorise, Who.HolderStaff, new ActionInput { Category = "z", Routed = new Placed("1", "c", true) }, World(Start + (8 * Day), urgent)).Refusal.ShouldBeNull();
        (report.DueAt, report.HolderDueAt, report.Holder).ShouldBe((Start + Day + (3 * Day), Start + (9 * Day), "c"), "the public clock goes on, the new holder's begins");
        Do(report, ReportAction.Resolve, Start + (8 * Day), new ActionInput { HasAnswer = true });
        var due = report.DueAt;
        report.Prioritise(Priority.Low, World(Start + (9 * Day)));
        report.DueAt.ShouldBe(due, "what has ended is not counted again");
        Do(report, ReportAction.Reopen, Start + (10 * Day), new ActionInput { Reason = "cameBack" }, Who.Anyone);
        report.Prioritise(Priority.High, World(Start + (11 * Day), urgent));
        report.DueAt.ShouldBe(Start + (11 * Day), "from the reopening, without the pauses of before");
    }

    [Fact]
    public void Reopening_goes_to_who_resolved_it_with_a_new_clock_and_not_after_ninety_days()
    {
        var report = New();
        Do(report, ReportAction.Resolve, Start + Day, new ActionInput { HasAnswer = true });
        Do(report, ReportAction.Confirm, Start + (15 * Day), who: Who.System);
        Try(report, ReportAction.Reopen, new ActionInput { Reason = "notSolved" }, Start + (92 * Day), Who.Anyone).Refusal!.Kind.ShouldBe(RefusalKind.Conflict);
        Do(report, ReportAction.Reopen, Start + (91 * Day), new ActionInput { Reason = "cameBack" }, Who.Anyone);
        (report.State, report.Holder, report.ReopenCount).ShouldBe((ReportState.Assigned, "a", 1));
        report.DueAt.ShouldBe(DueDate.Of(Start + (91 * Day), new Sla(5, SlaUnit.Workdays), Calendar));
    }

    [Fact]
    public void Reopening_forgets_who_ended_it_and_never_wakes_a_body_that_is_gone()
    {
        var report = New();
        Do(report, ReportAction.Resolve, Start + Hour, new ActionInput { HasAnswer = true });
        report.ClosesAt.ShouldBe(Start + Hour + (14 * Day));
        Do(report, ReportAction.Reopen, Start + Day, new ActionInput { Reason = "notSolved" }, Who.Anyone);
        (report.EndedBy, report.ClosesAt).ShouldBe((null, null));
        Transfer(report, "b", Start + (2 * Day));
        Do(report, ReportAction.Withdraw, Start + (3 * Day), who: Who.Reporter);
        Do(report, ReportAction.Reopen, Start + (200 * Day), new ActionInput { Reason = "other" }, Who.Reporter);
        report.Holder.ShouldBe("b", "who had it last, not who solved it before; and what was withdrawn has no limit");
        Do(report, ReportAction.Decline, Start + (201 * Day), new ActionInput { Reason = "nothingFound", HasAnswer = true });
        var world = World(Start + (202 * Day));
        world = world with { HandOver = world.HandOver with { IsActive = body => body != "b" } };
        report.Act(ReportAction.Reopen, Who.Anyone, new ActionInput { Reason = "notSolved" }, world).Refusal.ShouldBeNull();
        report.Holder.ShouldBe("centre");
    }

    [Fact]
    public void History_without_an_end_is_reopened_for_ninety_days_from_its_last_change()
    {
        var past = new ImportedReport(
            "old", "1", [], 2026, Start, null, Start + Day, ReportState.Resolved, Visibility.Public, Priority.Normal, "x", "", null, null, null, "web", "fr", null, null, "a", null, null, 0, 1, false, null);
        var report = Report.OfHistory(past, Guid.Empty, "2026-000001", Guid.Empty, 1);
        Try(report, ReportAction.Reopen, new ActionInput { Reason = "notSolved" }, Start + (92 * Day), Who.Anyone).Refusal!.Kind.ShouldBe(RefusalKind.Conflict);
        Do(report, ReportAction.Reopen, Start + (91 * Day), new ActionInput { Reason = "notSolved" }, Who.Anyone);
    }

    [Fact]
    public void After_three_moves_a_new_category_or_place_leads_to_the_coordinator_too()
    {
        foreach (var action in new[] { ReportAction.Recategorise, ReportAction.Move })
        {
            var report = New();
            foreach (var body in new[] { "b", "c", "d" })
            {
                Transfer(report, body);
            }
            var input = new ActionInput { Category = "y", Location = (4.3, 50.8), Routed = new Placed("1", "e", true) };
            Do(report, action, Start + Hour, input with { Routed = new Placed("1", "d", true) });
            report.Holder.ShouldBe("d", "it does not move");
            Do(report, action, Start + Hour, input);
            (report.Holder, report.ChosenByRule).ShouldBe(("centre", false));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_tried_only_what_the_table_allows_happens_and_the_log_says_it_all(int seed)
    {
        var chance = new Random(seed);
        for (var life = 0; life < 150; life++)
        {
            var report = New();
            var now = Start;
            var standing = report.Standing();
            for (var step = 0; step < 40; step++)
            {
                now += (long)(chance.NextDouble() * 4 * Day);
                var action = (ReportAction)chance.Next(Enum.GetValues<ReportAction>().Length);
                var who = (Who)(1 << chance.Next(12)) | (chance.Next(2) == 0 ? Who.HolderStaff : Who.Anyone);
                var allowed = report.Allowed(who, World(now));
                var outcome = report.Act(action, who, Random(chance), World(now));
                if (outcome.Ok)
                {
                    allowed.ShouldContain(action);
                    var after = Replayed(outcome.Value);
                    after.ShouldBe(report.Standing());
                    var stays = action is ReportAction.Recategorise or ReportAction.Move && after.State == standing.State;
                    Transitions.All.Any(row => row.Action == action && row.From.Contains(standing.State) && (row.To == after.State || stays)).ShouldBeTrue($"{action} {standing.State} {after.State}");
                    (after.Hops - standing.Hops).ShouldBe(standing.Holder is not null && after.Holder != standing.Holder && action != ReportAction.Reopen ? 1 : 0);
                    standing = after;
                }
                else
                {
                    report.Standing().ShouldBe(standing, "a refusal changes nothing");
                    outcome.Refusal!.Kind.ShouldBeOneOf(RefusalKind.Conflict, RefusalKind.Forbidden, RefusalKind.Invalid, RefusalKind.NotFound);
                    if (outcome.Refusal.Kind == RefusalKind.Conflict)
                    {
                        ((string[])outcome.Refusal.Members["allowed"]!).ShouldBe(allowed.Select(ReportWords.Word));
                    }
                }
                Holds(report, now);
            }
        }
    }

    /// <summary>What is true of every report at every time.</summary>
    private static void Holds(Report report, long now)
    {
        (report.Holder is null).ShouldBe(report.HolderSince is null);
        report.HolderSince.GetValueOrDefault().ShouldBeLessThanOrEqualTo(now);
        (report.State == ReportState.OnHold).ShouldBe(report.HoldReason is not null, report.State.ToString());
        if (report.PausedSince is not null)
        {
            (report.State, report.HoldReason).ShouldBe((ReportState.OnHold, "awaitingReporter"));
        }
        if (report.State is ReportState.Assigned or ReportState.Accepted)
        {
            report.Holder.ShouldNotBeNull();
            report.DueAt.ShouldNotBeNull();
        }
        if (report.State is ReportState.Resolved or ReportState.Declined or ReportState.Closed)
        {
            report.EndedAt.ShouldNotBeNull();
        }
    }

    /// <summary>Through the text of the log and back.</summary>
    private static Standing Replayed(ReportEvent change) =>
        JsonSerializer.Deserialize<AnyEvent>(JsonSerializer.Serialize(change, change.GetType(), Json.Options), Json.Options)!.After;

    private static ActionInput Random(Random chance)
    {
        string? Maybe(params string[] words) => chance.Next(5) == 0 ? null : words[chance.Next(words.Length)];
        return new ActionInput
        {
            Reason = Maybe("other", "weather", "awaitingReporter", "nothingFound", "notSolved", "cameBack"),
            HasAnswer = chance.Next(3) > 0,
            HasPhoto = chance.Next(2) == 0,
            Body = Maybe([.. Bodies, "nobody"]),
            Reference = Maybe("R-1"),
            PlannedFrom = chance.Next(4) == 0 ? null : Start + (chance.Next(100) * Day),
            Category = Maybe("x", "y"),
            Location = (4.35, 50.85),
            Routed = new Placed("1", Bodies[chance.Next(Bodies.Length)], chance.Next(2) == 0),
        };
    }

    private static Report New()
    {
        var report = new Report
        {
            Id = Guid.Empty,
            Number = "2026-000001",
            ClientId = Guid.Empty,
            ContentHash = [],
            Channel = "web",
            Language = "fr",
            CreatedAt = Start,
            Category = "x",
            Dispatch = """["b","c"]""",
        };
        report.AssignFirst("a", World(Start));
        return report;
    }

    private static Report New(IReadOnlyList<string> alternatives)
    {
        var report = New();
        report.Dispatch = JsonSerializer.Serialize(alternatives);
        return report;
    }

    private static Circumstances World(long now, Sla? promise = null) => new(
        now, (_, _) => promise ?? new Sla(5, SlaUnit.Workdays), _ => Calendar,
        new HandOver("centre", body => Bodies.Contains(body), report => JsonSerializer.Deserialize<string[]>(report.Dispatch)!));

    private static Outcome<ReportEvent> Try(Report report, ReportAction action, ActionInput? input = null, long? at = null, Who who = Who.HolderStaff) =>
        report.Act(action, who, input ?? new ActionInput(), World(at ?? Start + Hour));

    private static void Do(Report report, ReportAction action, long at, ActionInput? input = null, Who who = Who.HolderStaff) => Try(report, action, input, at, who).Refusal.ShouldBeNull();

    private static string Reject(Report report, string? suggested)
    {
        Try(report, ReportAction.Reject, new ActionInput { Reason = "other", Body = suggested }).Refusal.ShouldBeNull();
        return report.Holder!;
    }

    private static string Transfer(Report report, string to, long? at = null)
    {
        Try(report, ReportAction.Transfer, new ActionInput { Reason = "other", Body = to }, at).Refusal.ShouldBeNull();
        return report.Holder!;
    }

    private sealed record AnyEvent(Standing After);
}
