using Zinneke.Geo;

namespace Zinneke.Reports;

/// <summary>What would be otherwise on the other side of a boundary near the point (reports.md 4.1, step 3).</summary>
internal sealed partial class Router
{
    /// <summary>Takes each other municipality near enough as home and keeps those that change the body.</summary>
    private void FlipHomes(in Situation situation, ReadOnlySpan<int> features, LonLat p, double homeMetres, double tolerance, ReadOnlySpan<int> near, int body, Span<Flip> flips, ref int count)
    {
        foreach (var other in near)
        {
            if (other == situation.Home || !Exists(map.Municipalities[other], situation))
            {
                continue;
            }
            var metres = map.MunicipalityIndex.DistanceMetres(other, p) - homeMetres;
            if (metres <= tolerance)
            {
                var flipped = situation;
                flipped.Home = other;
                Keep(flipped, features, new Flip(Math.Max(metres, 0), Side.InMunicipality, other), body, flips, ref count);
            }
        }
    }

    /// <summary>Takes each feature near enough as containing the point, or each containing one as absent, and keeps those that change the body.</summary>
    private void FlipFeatures(in Situation situation, ReadOnlySpan<int> features, LonLat p, double tolerance, ReadOnlySpan<int> near, int body, Span<Flip> flips, ref int count)
    {
        Span<int> flipped = stackalloc int[Inline];
        flipped = flipped.Length > near.Length ? flipped : new int[near.Length + 1];
        foreach (var feature in near)
        {
            if (!Exists(map.Features[feature], situation))
            {
                continue;
            }
            var inside = features.Contains(feature);
            var metres = inside ? DepthIn(feature, p) : DistanceTo(feature, p);
            if (metres <= tolerance)
            {
                var length = inside ? Without(features, feature, flipped) : With(features, feature, flipped);
                Keep(situation, flipped[..length], new Flip(metres, inside ? Side.Beside : Side.On, feature), body, flips, ref count);
            }
        }
    }

    /// <summary>Keeps the nearest flip for each body other than the one chosen.</summary>
    private void Keep(in Situation situation, ReadOnlySpan<int> features, Flip flip, int chosen, Span<Flip> flips, ref int count)
    {
        flip.Rule = FirstMatch(situation, features, 0, out flip.Body);
        if (flip.Body == chosen)
        {
            return;
        }
        for (var i = 0; i < count; i++)
        {
            if (flips[i].Body == flip.Body)
            {
                flips[i] = flip.Metres < flips[i].Metres ? flip : flips[i];
                return;
            }
        }
        flips[count++] = flip;
    }

    private static int Without(ReadOnlySpan<int> features, int feature, Span<int> into)
    {
        var at = features.IndexOf(feature);
        features[..at].CopyTo(into);
        features[(at + 1)..].CopyTo(into[at..]);
        return features.Length - 1;
    }

    /// <summary>Keeps the order of the file, which says whose a layer is.</summary>
    private static int With(ReadOnlySpan<int> features, int feature, Span<int> into)
    {
        var at = 0;
        while (at < features.Length && features[at] < feature)
        {
            at++;
        }
        features[..at].CopyTo(into);
        into[at] = feature;
        features[at..].CopyTo(into[(at + 1)..]);
        return features.Length + 1;
    }

    /// <summary>One thing taken as it would be on the other side of a boundary. In order: nearest first, then by the id of the body.</summary>
    private record struct Flip(double Metres, Side Side, int Index) : IComparable<Flip>
    {
        public int Body;
        public int Rule;

        public readonly int CompareTo(Flip other) => Metres != other.Metres ? Metres.CompareTo(other.Metres) : Body.CompareTo(other.Body);
    }
}
