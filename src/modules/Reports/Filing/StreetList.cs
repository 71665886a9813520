using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>A postcode with its municipality, and how many streets it has.</summary>
public sealed record StreetGroup(string Code, string Name, int Count);

/// <summary>What the list of streets shows: the groups, or the streets of one.</summary>
public sealed record StreetListView(IReadOnlyList<StreetGroup> Groups, StreetGroup? Chosen, IReadOnlyList<AddressRow> Streets);

/// <summary><c>/{lang}/reports/streets</c>: all streets that are known, by postcode; each leads to a report that begins there (R2).</summary>
internal static class StreetList
{
    public static void Map(Doors doors) => doors.Pages.MapGet("/reports/streets", Get).Public();

    private static RazorComponentResult<Pages.StreetsPage> Get(string? code, HttpContext http, AddressIndex addresses)
    {
        var groups = addresses.Streets.GroupBy(CodeOf, StringComparer.Ordinal)
            .Select(group => new StreetGroup(group.Key, group.Select(street => street.Municipality).FirstOrDefault(name => name is not null) ?? "", group.Count())).OrderBy(group => group.Code, StringComparer.Ordinal).ToList();
        var order = StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true);
        var view = new StreetListView(
            groups, groups.Find(group => group.Code == code),
            [.. addresses.Streets.Where(street => CodeOf(street) == code).OrderBy(street => street.Names.In(http.Language()), order)]);
        return new RazorComponentResult<Pages.StreetsPage>(new { View = view });
    }

    private static string CodeOf(AddressRow street) => street.Postcode ?? street.Municipality ?? "";
}
