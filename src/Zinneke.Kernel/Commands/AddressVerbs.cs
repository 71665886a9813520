namespace Zinneke.Kernel;

/// <summary><c>import addresses</c>: streets and houses, for the search by address.</summary>
internal static class AddressVerbs
{
    public static Command Import { get; } = ImportVerbs.Of(
        "addresses", "Imports streets and addresses from CSV or GeoJSON points; the same file again changes nothing.", "import addresses addresses.csv.gz --data var",
        (call, _, stream, file) => call.Service<ImportAddresses>().RunAsync(stream, file, Actor.System, call.Stop));
}
