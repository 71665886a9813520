namespace Zinneke.Kernel;

/// <summary>An area is there for the first time, or for the first time from this date.</summary>
[EventType("kernel.area.added")]
public sealed record AreaAdded(string Kind, DateOnly ValidFrom);

/// <summary>Something of a version of an area is different: its boundary, its name, its last date.</summary>
[EventType("kernel.area.changed")]
public sealed record AreaChanged(string Kind, DateOnly ValidFrom);

/// <summary>A version of an area was taken out: by an import that replaced all of its kind, or because it was begun by mistake.</summary>
[EventType("kernel.area.removed")]
public sealed record AreaRemoved(string Kind, DateOnly ValidFrom);
