using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Modules.Tests.Kernel.Events;

/// <summary>What falls behind is measured (kernel.md K12, K29).</summary>
public sealed class GaugesTests
{
    [EventType("probe.thing.seen")]
    private sealed record ThingSeen;

    private sealed class Slow : TableFollower
    {
        public override string Name => "probe.slow";

        public override Task ApplyAsync(Unit unit, IReadOnlyList<Event> events, int generation, CancellationToken cancellation) => Task.CompletedTask;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_falls_behind_is_measured(StoreKind kind)
    {
        await using var store = await TestStore.NewAsync(kind, parts => parts.AddSingleton<TableFollower, Slow>());
        await SeeAsync(store, 3);
        await store.SettleAsync();
        await store.Writer.DoAsync(Actor.System, unit => Task.FromResult(
            unit.Store.Add(new FollowerRow { Name = "probe.slow", Position = 1, Generation = 1, Shape = 1, Error = "broken", FailedAt = 2 })));
        await store.Writer.DoAsync(Actor.System, unit => Task.FromResult(unit.Store.Add(new MailRow
        {
            Id = unit.NextId(), Key = new byte[32], Notice = "probe", Address = "a@example.org", Language = "fr", State = MailState.Waiting, DueAt = unit.Now, MadeAt = unit.Now,
        })));
        await SeeAsync(store, 1);
        store.Clock.Advance(TimeSpan.FromSeconds(30));
        var gauges = store.Get<Gauges>();
        await gauges.LookAsync();
        var measured = Measure(gauges);
        measured["zinneke.follower.lag probe.slow"].ShouldBe(kind == StoreKind.Sqlite ? 3 : 2, "on PostgreSQL the last is not sealed yet");
        measured["zinneke.follower.parked probe.slow"].ShouldBe(1);
        measured["zinneke.follower.parked kernel.bodies"].ShouldBe(0);
        measured["zinneke.log.unsealed.age "].ShouldBe(kind == StoreKind.Sqlite ? 0 : 30);
        measured["zinneke.mail.waiting "].ShouldBe(1);
        measured["zinneke.writer.waiting "].ShouldBe(0);
    }

    private static Task SeeAsync(TestStore store, int times) => store.Writer.DoAsync(Actor.System, unit =>
    {
        for (var i = 0; i < times; i++)
        {
            unit.Publish(new Subject("thing", unit.NextId()), 1, new ThingSeen());
        }
        return Task.CompletedTask;
    });

    /// <summary>Other tests of this process have gauges too.</summary>
    private static Dictionary<string, double> Measure(Gauges gauges)
    {
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (gauges.Owns(instrument))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured[$"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}"] = value;
    }
}
