using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>The kinds of subjects that the kernel's own events are about.</summary>
internal static class AuditedKinds
{
    private const string Kernel = "kernel";

    public static IReadOnlyList<AuditedKind> All { get; } =
    [
        new Accounts(), new Keys(), new Areas(),
        new AuditedKind(Kernel, "file"), new AuditedKind(Kernel, "invitations"), new AuditedKind(Kernel, "addresses"),
    ];

    private static HashSet<Guid> IdsOf(IEnumerable<string> ids) => [.. ids.Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty)];

    private sealed class Accounts() : AuditedKind(Kernel, "account")
    {
        public override async Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation) =>
            (await ActorNames.OfAsync(store, IdsOf(ids), cancellation)).ToDictionary(one => one.Key.ToString("D"), one => new AuditedName(one.Value, $"/admin/people/{one.Key}"), StringComparer.Ordinal);
    }

    private sealed class Keys() : AuditedKind(Kernel, "key")
    {
        public override async Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation) =>
            (await ActorNames.OfAsync(store, IdsOf(ids), cancellation)).ToDictionary(one => one.Key.ToString("D"), one => new AuditedName(one.Value, $"/admin/keys/{one.Key}"), StringComparer.Ordinal);
    }

    private sealed class Areas() : AuditedKind(Kernel, "area")
    {
        public override async Task<IReadOnlyDictionary<string, AuditedName>> NamesAsync(Store store, IReadOnlyCollection<string> ids, string language, CancellationToken cancellation)
        {
            List<string> wanted = [.. ids];
            var rows = await store.Set<AreaRow>().AsNoTracking().Where(area => wanted.Contains(area.Id)).Select(area => new { area.Id, area.ValidFrom, area.Facts }).ToListAsync(cancellation);
            return rows.GroupBy(area => area.Id).ToDictionary(
                versions => versions.Key, versions => new AuditedName(AreaRow.NamesOf(versions.MaxBy(version => version.ValidFrom, StringComparer.Ordinal)!.Facts).In(language), "/admin/areas/area?id=" + Uri.EscapeDataString(versions.Key)), StringComparer.Ordinal);
        }

        public override string? Say(string field, JsonNode value, AuditScene scene) => field switch
        {
            "private" => scene.Services.GetRequiredService<Words>()[value.GetValue<bool>() ? "kernel.yes" : "kernel.no"],
            "validFrom" or "validTo" => AreaRow.DateOf(value.GetValue<string>()).ToString("d", CultureInfo.CurrentCulture),
            _ => null,
        };
    }
}
