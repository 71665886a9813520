using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Zinneke.Site.Tests.Browser.LongestFirst", "Zinneke.Site.Tests")]

namespace Zinneke.Site.Tests.Browser;

/// <summary>What takes longest begins first: the walk over all pages, then what shares a browser or a city; begun last, it would end alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [TestBrowser.WalkCollection, TestBrowser.Collection, Reports.TwoTowns.Collection];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(one => Array.IndexOf(Long, one.DisplayName) is >= 0 and var place ? place : Long.Length).ThenBy(one => one.DisplayName, StringComparer.Ordinal);
}
