using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>The look of every page, and the pages that belong to no service: home, style, accessibility, privacy, errors.</summary>
public sealed class UiModule : IModule
{
    public string Name => "ui";

    public void Add(IServiceCollection services)
    {
        services.AddRazorComponents();
        // Letters of every language go out as themselves: é is two bytes, &#xE9; six.
        services.AddWebEncoders(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddSingleton(_ => new Assets(Path.Combine(AppContext.BaseDirectory, "web")));
        SitePages.Add(services);
        services.AddSingleton(new WordList("ui", typeof(UiModule), "Ui"));
        services.AddSingleton(provider => new Brand(provider.GetRequiredService<Settings>().Get(KernelSettings.RegionName)));
        services.AddSingleton(provider => new Dates(provider.GetRequiredService<Settings>().Get(KernelSettings.TimeZone), provider.GetRequiredService<TimeProvider>()));
        services.AddOpenDataPages();
        services.AddBodyPages();
        services.AddPeoplePages();
        services.AddAdminPages();
    }

    public void Tables(ModelBuilder model)
    {
    }

    public void Map(Doors doors)
    {
        doors.Root.MapAssets();
        var news = ((IEndpointRouteBuilder)doors.Pages).ServiceProvider.GetServices<HomeNews>().ToList();
        SitePages.Map(doors.Pages, news);
        doors.MapOpenDataPages();
        doors.MapBodyPages(news);
        doors.MapPeoplePages();
        doors.MapAdminPages();
    }
}
