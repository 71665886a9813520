using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary><c>reports strip</c>: what the site does to a photo on its way in, for one file.</summary>
internal static class StripVerb
{
    private static readonly Setting<string?> Photo = Setting.Words("photo", "A JPEG, PNG or WebP.") with { Required = true };

    private static readonly Setting<string?> Out = Setting.Words("out", "Write the stripped photo to this file.") with { Expected = "a file", Required = true };

    public static Command Verb { get; } = new("reports", "strip", "Takes everything but the pixels out of a photo and says what that was.", "reports strip photo.jpg --out stripped.jpg")
    {
        Arguments = [Photo],
        Options = [Out],
        Run = RunAsync,
    };

    private static async Task<Result> RunAsync(Call call)
    {
        var (file, target) = (call.Get(Photo)!, call.Get(Out)!);
        using var stripped = new MemoryStream();
        await using (var source = Call.Open(file))
        {
            var outcome = await StripPhoto.ToAsync(source, stripped, cancel: call.Stop);
            if (!outcome.Is(out var photo, out var refusal))
            {
                throw new BadInputException($"{file}: {call.Service<Words>().In("en", refusal.TextKey, [.. refusal.Arguments])}");
            }
            await WriteAsync(target, stripped, call.Stop);
            return Result.Of(new { photo.Format, photo.Bytes, photo.Width, photo.Height, photo.Orientation, photo.Removed });
        }
    }

    private static async Task WriteAsync(string target, MemoryStream stripped, CancellationToken stop)
    {
        try
        {
            await using var file = new FileStream(target, FileMode.Create, FileAccess.Write);
            stripped.Position = 0;
            await stripped.CopyToAsync(file, stop);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"option --out: cannot write {target}: {fault.Message}", fault);
        }
    }
}
