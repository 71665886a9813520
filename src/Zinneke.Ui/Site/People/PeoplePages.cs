using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Pages about people: signing in, one's account, mail, and who may do what.</summary>
internal static class PeoplePages
{
    public static void AddPeoplePages(this IServiceCollection services)
    {
        services.AddScoped<HeldWords>();
        services.AddSingleton(new Notice(SignInPages.Notice));
        services.AddSingleton(new Notice(AccountPages.AddressNotice));
        services.AddSingleton(new Notice(AccountPages.AddressChangedNotice));
        services.AddScoped<TokenDesk>();
        services.AddSingleton(new Panel("ui.account", "/account", PanelOn.Menu, 90) { Icon = "user" });
    }

    public static void MapPeoplePages(this Doors doors)
    {
        doors.Pages.MapSignIn();
        doors.Pages.MapAccount();
        doors.MapMailPages();
    }
}
