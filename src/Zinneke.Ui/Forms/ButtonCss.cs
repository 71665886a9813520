namespace Zinneke.Ui;

internal static class ButtonCss
{
    public static string Of(bool primary, bool danger, bool quiet, bool small) =>
        (primary, danger, quiet, small) switch
        {
            (true, _, _, _) => "button primary",
            (_, true, _, true) => "button danger small",
            (_, true, _, _) => "button danger",
            (_, _, true, true) => "button quiet small",
            (_, _, true, _) => "button quiet",
            (_, _, _, true) => "button small",
            _ => "button",
        };
}
