namespace Zinneke.Kernel;

/// <summary>A new edition of a catalogue is in force.</summary>
/// <param name="Kind">bodies, categories, rules ...</param>
[EventType("kernel.catalogue.imported")]
public sealed record CatalogueImported(string Kind, long Edition, int Count);
