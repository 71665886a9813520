namespace Zinneke.Ui;

/// <summary>What a callout is about.</summary>
public enum CalloutKind
{
    Info,
    Done,
    /// <summary>Read this first: safety, a warning.</summary>
    Mind,
    Wrong,
}
