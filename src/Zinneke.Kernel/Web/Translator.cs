using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Translates words by machine, when the installation names a service that does (K21). What comes out is marked as a machine's wherever it is shown.</summary>
public abstract class Translator
{
    /// <summary>Without one, nothing is translated: pages show which languages are missing, and people write them.</summary>
    public static Setting<Uri?> Url { get; } = Setting.Link("translateUrl", "Service that speaks the interface of LibreTranslate, for drafts of translations; it gets the words. Without one, people translate.");

    public static Setting<string?> Key { get; } = Setting.Secret("translateKey", "Key of that service, when it asks for one.");

    /// <summary>False when there is nobody to ask: then nothing is offered.</summary>
    public abstract bool IsOffered { get; }

    /// <param name="words">Plain text.</param>
    /// <param name="from">Language they are in.</param>
    /// <param name="to">Language wanted.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The words in the other language; null when they cannot be had now.</returns>
    public abstract Task<string?> TranslateAsync(string words, string from, string to, CancellationToken cancellation = default);

    internal static void Add(IServiceCollection services)
    {
        services.AddSingleton<Setting>(Url);
        services.AddSingleton<Setting>(Key);
        services.AddSingleton<Translator>(provider => provider.GetRequiredService<Settings>() is var settings && settings.Get(Url) is { } url
            ? new LibreTranslate(provider.GetRequiredService<Outgoing>(), url, settings.Get(Key))
            : new NoTranslator());
    }
}

/// <summary>Nobody to ask.</summary>
internal sealed class NoTranslator : Translator
{
    public override bool IsOffered => false;

    public override Task<string?> TranslateAsync(string words, string from, string to, CancellationToken cancellation = default) => Task.FromResult<string?>(null);
}

/// <summary>A service with the interface of LibreTranslate: <c>POST /translate</c> with <c>{"q","source","target","format","api_key"}</c> answers <c>{"translatedText"}</c>.</summary>
/// <param name="address">Of the service; <c>translate</c> stands below it.</param>
/// <param name="key">Null when it asks for none.</param>
internal sealed class LibreTranslate(Outgoing outgoing, Uri address, string? key) : Translator
{
    private const int AnswerBytesMax = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri translate = new($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/translate");

    public override bool IsOffered => true;

    public override async Task<string?> TranslateAsync(string words, string from, string to, CancellationToken cancellation = default)
    {
        var asked = new Dictionary<string, string> { ["q"] = words, ["source"] = from, ["target"] = to, ["format"] = "text" };
        if (key is not null)
        {
            asked["api_key"] = key;
        }
        if (await outgoing.PostTrustedAsync(translate, asked, AnswerBytesMax, Patience, cancellation) is not { } answer)
        {
            return null;
        }
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement is { ValueKind: JsonValueKind.Object } told && told.TryGetProperty("translatedText", out var text) && text.ValueKind == JsonValueKind.String
                && text.GetString() is { } translated && !string.IsNullOrWhiteSpace(translated) && !translated.Contains('\0', StringComparison.Ordinal) ? translated : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
