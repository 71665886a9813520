using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Zinneke.Kernel;

/// <summary>The web server of an installation.</summary>
public static class Site
{
    /// <summary>Builds the server; it does not listen yet.</summary>
    /// <param name="parts">Services and contributions of the modules, with their <see cref="Settings"/>; not changed.</param>
    public static WebApplication Build(IServiceCollection parts, Settings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Zinneke", EnvironmentName = "Production" });
        builder.WebHost.UseUrls([.. settings.Get(KernelSettings.Urls)]);
        builder.Logging.ClearProviders().AddSimpleConsole();
        foreach (var part in parts)
        {
            builder.Services.Add(part);
        }
        builder.Services.AddLogServices();
        var app = builder.Build();
        app.UseRouting();
        var doors = new Doors(app.MapGroup("/{lang:regex(^(fr|nl|en|de)$)}"), app.MapGroup("/api/v1"), app);
        foreach (var module in app.Services.GetServices<IModule>())
        {
            module.Map(doors);
        }
        return app;
    }
}
