using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>The settings of the installation and of its bodies, <c>/{lang}/admin</c>: a tile for each page that the reader may open.</summary>
internal static class AdminPages
{
    public static void AddAdminPages(this IServiceCollection services)
    {
        services.AddSingleton(new Panel("ui.admin", "/admin", PanelOn.Menu, 95) { Icon = "settings", LeadsTo = PanelOn.Admin });
        services.AddSingleton(new Panel("ui.admin.people", "/admin/people", PanelOn.Admin, 5) { Icon = "users", Permission = PeoplePermissions.ReadAccounts });
        services.AddSingleton(new Panel("ui.admin.invitations", "/admin/invitations", PanelOn.Admin, 7) { Icon = "mail", Permission = PeoplePermissions.ManageInvitations });
        services.AddSingleton(new Panel("ui.admin.keys", "/admin/keys", PanelOn.Admin, 10) { Icon = "lock", Permission = PeoplePermissions.ManageKeys });
        services.AddSingleton(new Panel("ui.admin.audit", "/admin/audit", PanelOn.Admin, 12) { Icon = "clock", Permission = AuditPermissions.Read });
        services.AddSingleton<AuditedKind, CatalogueAudited>();
        services.AddScoped<AuditDesk>();
        services.AddSingleton(new Notice(StaffPages.Notice));
        services.AddScoped<StaffDesk>();
        services.AddScoped<KeyDesk>();
        services.AddScoped<InvitationDesk>();
        services.AddScoped<CatalogueDesk>();
        services.AddScoped<EntryDesk>();
        services.AddScoped<AreaDesk>();
        services.AddSingleton<EntryForm, BodyForm>();
        services.AddLook<BodiesLook>();
        services.AddLook<AreasLook>();
        services.AddSingleton<EntryForm, TextForm>();
        services.AddLook<TextsLook>();
    }

    public static void MapAdminPages(this Doors doors)
    {
        doors.Pages.MapGet("/admin", Show).NeedsAccount();
        var services = ((IEndpointRouteBuilder)doors.Pages).ServiceProvider;
        doors.MapCatalogues(services.GetServices<CatalogueLook>());
        doors.MapAreas();
        doors.MapEntries(services.GetServices<EntryForm>());
        doors.MapStaff();
        doors.MapInvitations();
        doors.MapKeys();
        doors.MapAudits();
    }

    private static IResult Show(HttpContext http, IEnumerable<Panel> panels, Caller caller)
    {
        List<Panel> open = [.. panels.Where(panel => panel.On.HasFlag(PanelOn.Admin) && panel.IsFor(caller, panels)).OrderBy(panel => panel.Order)];
        return open.Count > 0 ? SignInPages.Page<AdminPage>(new { Open = open }, 200, http) : new Refusal(RefusalKind.Forbidden, "kernel.forbidden").AsProblem();
    }
}
