using Zinneke.Geo;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>What is asked of routing.</summary>
/// <param name="Category">Code; one that the catalogue does not know matches the rules that begin like it.</param>
/// <param name="AccuracyMetres">Of the device that gave the point; null when a person set it.</param>
/// <param name="At">UTC microseconds.</param>
internal readonly record struct RouteRequest(LonLat Point, string Category, Answers Answers, double? AccuracyMetres, long At);

/// <summary>
/// Finds the body that is responsible for a problem at a place. There is always an answer. Pure: the same snapshot and request give the same route. Allocates the
/// route it returns and nothing else, as long as fewer than 32 areas and 32 features are near.
/// </summary>
internal sealed partial class Router(RoutingSnapshot map)
{
    /// <summary>How far outside a municipality a point may lie to be taken as its own.</summary>
    public const double NearMetres = 200;

    /// <summary>A question is asked when the doubt at the boundary brings the confidence below this.</summary>
    public const double AskBelow = 0.8;

    private const int AlternativesMax = 3;
    private const int OptionsMax = 3;
    private const int Inline = 32;

    public RoutingSnapshot Map => map;

    /// <summary>Who is responsible at a point.</summary>
    [AutomatedFunction("reports.route")]
    public Route At(in RouteRequest request)
    {
        Span<int> nearHomes = stackalloc int[Inline];
        Span<int> nearFeatures = stackalloc int[Inline];
        Span<int> containing = stackalloc int[Inline];
        var p = request.Point;
        var tolerance = request.AccuracyMetres is { } accuracy ? Math.Clamp(accuracy, 15, 50) : map.Rules.ToleranceMetres;
        var situation = new Situation(map.RulesOf(request.Category), request.Answers);
        SetTime(ref situation, request.At);

        FindHome(ref situation, p, out var homeMetres, out var outside);
        var reach = tolerance + map.HalfWidthMaxMetres;
        nearFeatures = Within(map.FeatureIndex, p, reach, nearFeatures);
        containing = containing.Length >= nearFeatures.Length ? containing : new int[nearFeatures.Length];
        var features = containing[..Containing(situation, p, nearFeatures, containing)];
        var rule = FirstMatch(situation, features, 0, out var body);

        Span<Flip> flips = stackalloc Flip[Inline];
        if (situation.Home >= 0)
        {
            nearHomes = Within(map.MunicipalityIndex, p, tolerance + homeMetres, nearHomes);
        }
        else
        {
            nearHomes = [];
        }
        flips = flips.Length >= nearHomes.Length + nearFeatures.Length ? flips : new Flip[nearHomes.Length + nearFeatures.Length];
        var count = 0;
        FlipHomes(situation, features, p, homeMetres, tolerance, nearHomes, body, flips, ref count);
        FlipFeatures(situation, features, p, tolerance, nearFeatures, body, flips, ref count);
        flips = flips[..count];
        flips.Sort();
        return Result(request, situation, features, outside, rule, body, tolerance, flips);
    }

    /// <summary>
    /// Who is responsible when only an address in words is known: the municipality of the one postcode of four digits in it, by rules without layers.
    /// </summary>
    /// <returns>Null when there is no postcode, or those there belong to several municipalities.</returns>
    [AutomatedFunction("reports.route")]
    public Route? ByPostcode(string address, string category, Answers answers, long at)
    {
        var situation = new Situation(map.RulesOf(category), answers);
        SetTime(ref situation, at);
        if (MunicipalityNamedIn(address, situation) is not { } home)
        {
            return null;
        }
        situation.Home = home;
        var rule = FirstMatch(situation, [], 0, out var body);
        return Result(new RouteRequest(default, category, answers, null, at), situation, [], Outside.No, rule, body, map.Rules.ToleranceMetres, []);
    }

    /// <summary>Who takes a report that no rule decided: the coordinator, and nothing is sure but the municipality that holds the point.</summary>
    /// <param name="point">Null when nothing is known but words.</param>
    public Route ToCoordinator(LonLat? point, long at)
    {
        var (area, outside) = ((string?)null, Outside.Far);
        if (point is { } p)
        {
            var situation = new Situation([], Answers.None);
            SetTime(ref situation, at);
            FindHome(ref situation, p, out _, out outside);
            area = situation.Home >= 0 ? map.Municipalities[situation.Home].Id : null;
        }
        return new Route { Body = map.Rules.CoordinatorBody, Area = area, Outside = outside, RuleSet = map.Rules.Version };
    }

    /// <summary>One municipality of that time for every postcode in the text, or null. A postcode of several names none.</summary>
    private int? MunicipalityNamedIn(string address, in Situation situation)
    {
        int? found = null;
        for (var i = 0; i < address.Length;)
        {
            var end = i;
            while (end < address.Length && char.IsAsciiDigit(address[end]))
            {
                end++;
            }
            if (end - i == 4 && OnlyOf(address[i..end], situation) is { } home)
            {
                if (found is { } other && other != home)
                {
                    return null;
                }
                found = home;
            }
            i = Math.Max(end, i + 1);
        }
        return found;
    }

    private int? OnlyOf(string postcode, in Situation situation)
    {
        int? only = null;
        foreach (var home in map.MunicipalitiesOf(postcode))
        {
            if (Exists(map.Municipalities[home], situation))
            {
                if (only is not null)
                {
                    return null;
                }
                only = home;
            }
        }
        return only;
    }

    private void SetTime(ref Situation situation, long at)
    {
        if (map.NeedsTime)
        {
            var local = TimeZoneInfo.ConvertTime(Instants.FromMicros(at), map.Zone);
            situation.Date = DateOnly.FromDateTime(local.DateTime);
            situation.Time = TimeOnly.FromDateTime(local.DateTime);
        }
    }

    /// <summary>The municipality that contains the point, of several the first by id; else the nearest within <see cref="NearMetres"/>; else none.</summary>
    private void FindHome(ref Situation situation, LonLat p, out double metres, out Outside outside)
    {
        Span<int> hits = stackalloc int[Inline];
        foreach (var home in Containing(map.MunicipalityIndex, p, hits))
        {
            if (Exists(map.Municipalities[home], situation))
            {
                (situation.Home, metres, outside) = (home, 0, Outside.No);
                return;
            }
        }
        metres = double.PositiveInfinity;
        foreach (var home in Within(map.MunicipalityIndex, p, NearMetres, hits))
        {
            var distance = map.MunicipalityIndex.DistanceMetres(home, p);
            if (distance < metres && Exists(map.Municipalities[home], situation))
            {
                (situation.Home, metres) = (home, distance);
            }
        }
        outside = situation.Home >= 0 ? Outside.Near : Outside.Far;
    }

    /// <summary>Writes the features whose footprint holds the point; says how many.</summary>
    private int Containing(in Situation situation, LonLat p, ReadOnlySpan<int> near, Span<int> containing)
    {
        var count = 0;
        foreach (var feature in near)
        {
            if (Exists(map.Features[feature], situation) && DistanceTo(feature, p) <= 0)
            {
                containing[count++] = feature;
            }
        }
        return count;
    }

    /// <summary>Metres to the footprint of a feature: 0 or less inside a line's footprint (the depth), 0 inside an area.</summary>
    private double DistanceTo(int feature, LonLat p) => RoutingSnapshot.IsLine(map.Features[feature])
        ? map.FeatureIndex.EdgeDistanceMetres(feature, p) - map.Features[feature].HalfWidthMetres
        : map.FeatureIndex.DistanceMetres(feature, p);

    /// <summary>Metres from inside a feature to the edge of its footprint.</summary>
    private double DepthIn(int feature, LonLat p) => RoutingSnapshot.IsLine(map.Features[feature])
        ? map.Features[feature].HalfWidthMetres - map.FeatureIndex.EdgeDistanceMetres(feature, p)
        : map.FeatureIndex.EdgeDistanceMetres(feature, p);

    private bool Exists(Area area, in Situation situation) => !map.NeedsTime || area.ValidOn(situation.Date);

    private Route Result(
        in RouteRequest request, in Situation situation, ReadOnlySpan<int> features, Outside outside, int rule, int body, double tolerance, ReadOnlySpan<Flip> flips)
    {
        var chosen = rule >= 0 ? map.Rules.Rules[rule] : null;
        var doubt = flips.Length == 0 ? 1 : 0.5 + (0.5 * Math.Min(1, flips[0].Metres / tolerance));
        var area = situation.Home >= 0 ? map.Municipalities[situation.Home].Id : null;
        return new Route
        {
            Body = map.BodyIds[body],
            Area = area,
            Rule = chosen,
            Outside = outside,
            Confidence = (chosen?.Confidence ?? 1) * doubt * (outside switch { Outside.No => 1, Outside.Near => 0.6, _ => 0.2 }),
            Alternatives = AlternativesOf(situation, features, rule, body, flips),
            Question = doubt < AskBelow ? OptionsOf(request.Point, chosen, situation.Home, body, flips) : [],
            Trace = TraceOf(situation, features, rule),
            RuleSet = map.Rules.Version,
        };
    }

    private Alternative[] AlternativesOf(in Situation situation, ReadOnlySpan<int> features, int rule, int body, ReadOnlySpan<Flip> flips)
    {
        Span<int> seen = stackalloc int[AlternativesMax + 1];
        var found = new Alternative[AlternativesMax];
        var count = 0;
        seen[0] = body;
        foreach (var flip in flips[..Math.Min(flips.Length, AlternativesMax)])
        {
            found[count++] = new Alternative(map.BodyIds[flip.Body], AlternativeReason.Boundary, flip.Metres);
            seen[count] = flip.Body;
        }
        while (count < AlternativesMax && rule >= 0 && (rule = FirstMatch(situation, features, rule + 1, out var later)) >= 0)
        {
            if (!seen[..(count + 1)].Contains(later))
            {
                found[count++] = new Alternative(map.BodyIds[later], AlternativeReason.Rule, null);
                seen[count] = later;
            }
        }
        return count == AlternativesMax ? found : found[..count];
    }

    private SideOption[] OptionsOf(LonLat p, Rule? rule, int home, int body, ReadOnlySpan<Flip> flips)
    {
        var options = new SideOption[Math.Min(flips.Length + 1, OptionsMax)];
        var (area, here) = home < 0 ? (null, Text.Empty) : (map.Municipalities[home].Id, map.Municipalities[home].Names);
        options[0] = new SideOption(map.BodyIds[body], Side.Here, here, p) { Rule = rule, Area = area };
        for (var i = 1; i < options.Length; i++)
        {
            var flip = flips[i - 1];
            var (across, index) = flip.Side == Side.InMunicipality
                ? (map.Municipalities[flip.Index], map.MunicipalityIndex)
                : (map.Features[flip.Index], map.FeatureIndex);
            options[i] = new SideOption(map.BodyIds[flip.Body], flip.Side, across.Names, SidePoint.Of(flip.Side, across, index, flip.Index, p))
            {
                Rule = flip.Rule >= 0 ? map.Rules.Rules[flip.Rule] : null,
                Area = flip.Side == Side.InMunicipality ? across.Id : area,
            };
        }
        return options;
    }

    private RuleStep[] TraceOf(in Situation situation, ReadOnlySpan<int> features, int rule)
    {
        var trace = new RuleStep[rule >= 0 ? rule + 1 : map.BodyOfRule.Length];
        for (var i = 0; i < trace.Length; i++)
        {
            trace[i] = new RuleStep(map.Rules.Rules[i], i == rule ? RuleFailure.None : Check(i, situation, features));
        }
        return trace;
    }

    private static Span<int> Within(ShapeIndex index, LonLat p, double metres, Span<int> hits)
    {
        var count = index.Within(p, metres, hits);
        if (count > hits.Length)
        {
            hits = new int[count];
            index.Within(p, metres, hits);
        }
        return hits[..count];
    }

    private static Span<int> Containing(ShapeIndex index, LonLat p, Span<int> hits)
    {
        var count = index.Containing(p, hits);
        if (count > hits.Length)
        {
            hits = new int[count];
            index.Containing(p, hits);
        }
        return hits[..count];
    }

    /// <summary>What the conditions look at beside the features that contain the point: the truth, or the truth with another home.</summary>
    private struct Situation(bool[] rulesOfCategory, Answers answers)
    {
        public readonly bool[] RulesOfCategory = rulesOfCategory;
        public readonly Answers Answers = answers;
        public int Home = -1;
        public DateOnly Date;
        public TimeOnly Time;
    }
}
