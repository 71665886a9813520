using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>The time that a body has to say whether a report is its own (reports.md 4.2).</summary>
public sealed partial class Report
{
    /// <summary>By when the holder accepts or rejects it; null once it has, once the body above was told, and for what another system had handed over.</summary>
    public long? AcceptDueAt { get; private set; }

    /// <summary>The body that was told that the holder has let that time pass; null as long as nobody had to be.</summary>
    public string? EscalatedTo { get; private set; }

    /// <summary>Tells the body above, once for each time that a body gets it; nothing moves by that.</summary>
    /// <returns>The event; null when no time has passed without an answer.</returns>
    internal ReportEscalated? Escalate(string to, long now)
    {
        if (State != ReportState.Assigned || !(AcceptDueAt <= now))
        {
            return null;
        }
        (AcceptDueAt, EscalatedTo) = (null, to);
        Touch(now);
        return new ReportEscalated(Standing(), to);
    }

    /// <summary>A new holder has its own time, counted as due dates are.</summary>
    private void AwaitAnswer(string body, Circumstances world) =>
        (AcceptDueAt, EscalatedTo) = (DueDate.Of(world.Now, new Sla(world.AcceptanceWorkDays(body), SlaUnit.Workdays), world.Calendar(body)), null);

    /// <summary>Whatever was done, it answers.</summary>
    private void EndAwaiting()
    {
        if (State != ReportState.Assigned)
        {
            (AcceptDueAt, EscalatedTo) = (null, null);
        }
    }
}
