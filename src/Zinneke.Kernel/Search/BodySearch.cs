namespace Zinneke.Kernel;

/// <summary>Bodies: each leads to its page.</summary>
internal sealed class BodySearch() : CatalogueSearch(Body.Catalogue)
{
    public const string KindName = "body";

    public override string Kind => KindName;

    public override string TextKey => "kernel.search.body";

    protected override async Task<IReadOnlyList<SearchEntry>> AllAsync(Store store, CancellationToken cancellation) =>
    [
        .. (await BodyMap.ReadAsync(store, cancellation)).Where(body => body.Active).Select(body => new SearchEntry(body.Id, "/bodies/" + Uri.EscapeDataString(body.Id)) { Title = body.Names }),
    ];
}
