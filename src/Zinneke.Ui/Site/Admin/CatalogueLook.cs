using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>How a kind of import looks on its settings page <c>/admin/{word}</c>. Everything else of the page - file, check, editions - is the same for all kinds.</summary>
/// <param name="key">Texts: <c>{key}.title</c>, <c>{key}.text</c> on the tile, <c>{key}.file</c> beside the upload.</param>
public abstract class CatalogueLook(ImportKind kind, string key, string icon, int order)
{
    public ImportKind Kind => kind;

    public string Key => key;

    /// <summary>Address of the page without the language.</summary>
    public string Path => "/admin/" + kind.Word;

    public Panel Panel => new(key, Path, PanelOn.Admin, order) { Icon = icon, Permission = kind.Permission };

    /// <summary>What is in force, as people read it; null when nothing is.</summary>
    public abstract Task<RenderFragment?> DrawAsync(CatalogueScene scene, CancellationToken cancellation);

    /// <summary>Fields of the upload form for the options of the import.</summary>
    public virtual Task<RenderFragment?> DrawOptionsAsync(CatalogueScene scene, CancellationToken cancellation) => Task.FromResult<RenderFragment?>(null);

    /// <summary>What a file that is not in force yet would do beside changing its records; null when nothing is known of that.</summary>
    /// <param name="text">The catalogue as it would be, checked.</param>
    public virtual Task<RenderFragment?> DrawEffectAsync(CatalogueScene scene, string text, CancellationToken cancellation) => Task.FromResult<RenderFragment?>(null);

    /// <summary>Whether somebody may import at all; the options then decide where.</summary>
    public virtual bool MayChange(Caller caller) => caller.Can(kind.Permission);
}

/// <summary>Before whom a catalogue is drawn.</summary>
/// <param name="Request">The query may narrow what is shown.</param>
public sealed record CatalogueScene(Store Store, Caller Caller, HttpRequest Request);

public static class CatalogueLooks
{
    /// <summary>Gives a kind of import its settings page and the tile that leads there.</summary>
    public static IServiceCollection AddLook<T>(this IServiceCollection services)
        where T : CatalogueLook
    {
        services.AddSingleton<T>();
        services.AddSingleton<CatalogueLook>(p => p.GetRequiredService<T>());
        services.AddSingleton(p => p.GetRequiredService<T>().Panel);
        return services;
    }

    /// <summary>A component with its parameters, to be drawn later.</summary>
    public static RenderFragment Draw<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent => builder =>
        {
            builder.OpenComponent<T>(0);
            foreach (var (name, value) in parameters)
            {
                builder.AddComponentParameter(1, name, value);
            }
            builder.CloseComponent();
        };
}
