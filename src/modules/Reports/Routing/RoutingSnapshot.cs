using System.Collections.Frozen;
using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// Everything that routing looks at, prepared once: areas, layers, bodies, catalogue and rules. Immutable and thread-safe; a change makes a new one. Bodies are
/// numbered in the order of their ids, municipalities likewise, features of layers in the order they were given.
/// </summary>
public sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<string, Body> bodies;
    private readonly FrozenDictionary<string, bool[]> rulesOfCategory;
    private readonly FrozenDictionary<string, int[]> municipalitiesOfPostcode;
    private readonly FrozenDictionary<string, WorkCalendar> calendars;
    private readonly WorkCalendar calendar;
    private readonly AreaVersions municipalities;

    /// <param name="territories">All areas; of the layers only those that a rule asks for are kept.</param>
    /// <param name="zone">Of the dates and hours that rules name.</param>
    internal RoutingSnapshot(IEnumerable<Area> territories, IEnumerable<Body> bodies, CategoryTree categories, RuleSet rules, TimeZoneInfo zone)
    {
        Categories = categories;
        Rules = rules;
        Zone = zone;
        this.bodies = bodies.ToFrozenDictionary(body => body.Id, StringComparer.Ordinal);
        calendar = new WorkCalendar(zone);
        calendars = this.bodies.ToFrozenDictionary(body => body.Key, body => body.Value.Calendar(zone), StringComparer.Ordinal);
        BodyIds = [.. this.bodies.Values.Where(body => body.Active).Select(body => body.Id).Append(rules.FallbackBody).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var all = territories.ToList();
        var layers = rules.Rules.Select(rule => rule.When.Layer).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Municipalities = [.. all.Where(area => area.Kind == Area.Municipality).OrderBy(area => area.Id, StringComparer.Ordinal).ThenByDescending(area => area.ValidFrom)];
        municipalities = new AreaVersions(Municipalities);
        Features = [.. all.Where(area => layers.Contains(area.Kind))];
        PrivatePlaces = new PrivatePlaces(all);
        MunicipalityIndex = new ShapeIndex(Municipalities.Select(area => area.Shape));
        FeatureIndex = new ShapeIndex(Features.Select(area => area.Shape));
        HalfWidthMaxMetres = Features.Where(IsLine).Select(area => area.HalfWidthMetres).DefaultIfEmpty(0).Max();
        NeedsTime = all.Any(area => area.ValidFrom != DateOnly.MinValue || area.ValidTo != DateOnly.MaxValue)
            || rules.Rules.Any(rule => rule.When.Hours is not null || rule.When.ValidFrom is not null || rule.When.ValidTo is not null);
        var ownerOfArea = this.bodies.Values.Where(body => body.Active).SelectMany(body => body.Areas.Select(area => (area, body.Id)))
            .DistinctBy(owned => owned.area).ToDictionary(owned => owned.area, owned => owned.Id, StringComparer.Ordinal);
        Fallback = IndexOf(rules.FallbackBody);
        OwnerOfMunicipality = [.. Municipalities.Select(area => IndexOf(ownerOfArea.GetValueOrDefault(area.Id)))];
        OwnerOfFeature = [.. Features.Select(area => IndexOf(area.Owner))];
        BodyOfRule = [.. rules.Rules.Select(rule => rule.Body is Rule.AreaOwner or Rule.LayerOwner ? -1 : IndexOf(rule.Body))];
        HomesOfRule = [.. rules.Rules.Select(rule => rule.When.Areas.Count == 0 ? null : Municipalities.Select(area => rule.When.Areas.Contains(area.Id)).ToArray())];
        AnswersOfRule = [.. rules.Rules.Select(rule => rule.When.Answers.Select(answer => KeyValuePair.Create(answer.Key, answer.Value.ToArray())).ToArray())];
        rulesOfCategory = categories.All.ToFrozenDictionary(category => category.Code, category => MatchOf(category.Code), StringComparer.Ordinal);
        municipalitiesOfPostcode = Municipalities.SelectMany((area, index) => area.Postcodes.Select(postcode => (postcode, index)))
            .GroupBy(owned => owned.postcode, owned => owned.index, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public CategoryTree Categories { get; }

    internal RuleSet Rules { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>Says which day it is when something is called by its name.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How reports move on and end here.</summary>
    internal Terms Terms { get; init; } = new();

    /// <summary>Every body, dissolved ones included.</summary>
    public IEnumerable<Body> Bodies => bodies.Values;

    internal string[] BodyIds { get; }

    /// <summary>Every version of every municipality, of each the newest first.</summary>
    public IReadOnlyList<Area> Municipalities { get; }

    internal Area[] Features { get; }

    internal PrivatePlaces PrivatePlaces { get; }

    internal ShapeIndex MunicipalityIndex { get; }

    internal ShapeIndex FeatureIndex { get; }

    internal double HalfWidthMaxMetres { get; }

    /// <summary>Whether the instant can make a difference.</summary>
    internal bool NeedsTime { get; }

    /// <summary>The body that takes what an area's or layer's owner cannot.</summary>
    internal int Fallback { get; }

    internal int[] OwnerOfMunicipality { get; }

    internal int[] OwnerOfFeature { get; }

    /// <summary>The body that a rule names itself; -1 when it asks for an owner.</summary>
    internal int[] BodyOfRule { get; }

    /// <summary>For each rule the homes it is limited to; null when it is not.</summary>
    internal bool[]?[] HomesOfRule { get; }

    /// <summary>For each rule the answers it asks for: a question and its values.</summary>
    internal KeyValuePair<string, string[]>[][] AnswersOfRule { get; }

    /// <summary>The same city with other rules.</summary>
    /// <param name="territories">All areas: other rules may ask for other layers.</param>
    internal RoutingSnapshot With(RuleSet rules, IEnumerable<Area> territories) => new(territories, Bodies, Categories, rules, Zone) { Terms = Terms, Time = Time };

    public Body? Find(string body) => bodies.GetValueOrDefault(body);

    /// <summary>True when the body exists and gets reports.</summary>
    public bool IsActive(string body) => Find(body) is { Active: true };

    /// <summary>What is new at a body is public only once its staff have looked at it.</summary>
    internal bool LooksFirst(string? body) => Terms.LooksFirst || (body is not null && Find(body) is { LooksFirst: true });

    /// <summary>Of what nobody knows yet who will have it: it may come to any body, and what is public once cannot wait any more.</summary>
    internal bool LooksFirstSomewhere => Terms.LooksFirst || Bodies.Any(body => body is { Active: true, LooksFirst: true });

    /// <summary>The working days of a body; those of the country when there is none.</summary>
    public WorkCalendar CalendarOf(string? body) => body is not null && calendars.TryGetValue(body, out var own) ? own : calendar;

    /// <summary>The footprint of a line or point has a width; an area has its own.</summary>
    internal static bool IsLine(Area feature) => feature.Shape.Kind != ShapeKind.Polygons;

    /// <summary>For each rule whether its condition on categories holds.</summary>
    internal bool[] RulesOf(string category) => rulesOfCategory.TryGetValue(category, out var rules) ? rules : MatchOf(category);

    /// <summary>Whether a report of a category at a place shows neither words nor photos to the public.</summary>
    /// <param name="place">Null when only an address in words is known.</param>
    /// <param name="instant">UTC microseconds.</param>
    public bool IsPrivate(string category, (double Lon, double Lat)? place, long instant) =>
        Categories.Find(category)?.Private == true || (place is var (lon, lat) && PrivatePlaces.Hold(new LonLat(lon, lat), calendar.DateOf(instant)));

    /// <summary>A municipality as it is today, or was last; null without an id, and for one that nobody knows.</summary>
    public Area? Municipality(string? id) => id is null ? null : municipalities.As(id, calendar.DateOf(Time.NowMicros()));

    /// <summary>Each municipality once, past ones too, as it is today or was last.</summary>
    public IEnumerable<Area> MunicipalitiesOnce => municipalities.Each(calendar.DateOf(Time.NowMicros()));

    /// <summary>The municipalities as they are at an instant, UTC microseconds: each once.</summary>
    public IEnumerable<Area> MunicipalitiesAt(long instant)
    {
        var date = calendar.DateOf(instant);
        return Municipalities.Where(area => area.ValidOn(date));
    }

    /// <summary>The municipalities that a postcode belongs to, in any of their versions.</summary>
    internal IReadOnlyList<int> MunicipalitiesOf(string postcode) => municipalitiesOfPostcode.GetValueOrDefault(postcode, []);

    /// <summary>Number of a body that gets reports; the fallback when there is no such body.</summary>
    private int IndexOf(string? body)
    {
        var index = body is null ? -1 : Array.BinarySearch(BodyIds, body, StringComparer.Ordinal);
        return index >= 0 ? index : Array.BinarySearch(BodyIds, Rules.FallbackBody, StringComparer.Ordinal);
    }

    private bool[] MatchOf(string category) =>
        [.. Rules.Rules.Select(rule => rule.When.Categories.Count == 0 || rule.When.Categories.Any(code => Category.IsIn(category, code)))];
}
