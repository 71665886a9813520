using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary><c>/{lang}/admin/people</c>: who holds which role in the reader's bodies; giving and withdrawing roles.</summary>
internal static class StaffPages
{
    /// <summary>Tells somebody that they were given a role, with a link to sign in.</summary>
    internal const string Notice = "ui.mail.role";

    private static readonly RateLimit Giving = new("roles", new Quota(60, TimeSpan.FromMinutes(10)));

    public static void MapStaff(this Doors doors)
    {
        doors.Pages.MapGet("/admin/people", (HttpContext http, StaffDesk desk, CancellationToken cancellation) => desk.ListAsync(http, cancellation)).Needs(PeoplePermissions.ReadAccounts);
        doors.Pages.MapGet("/admin/people/new", (HttpContext http, StaffDesk desk, CancellationToken cancellation) => desk.AskAsync(http, FirstTyped(http), null, cancellation)).Needs(PeoplePermissions.ManageAccounts);
        doors.Pages.MapPost("/admin/people/new", GiveAsync).Needs(PeoplePermissions.ManageAccounts).Limited(Giving);
        doors.Pages.MapGet("/admin/people/{id:guid}", (Guid id, HttpContext http, StaffDesk desk, CancellationToken cancellation) => desk.ShowAsync(http, id, null, cancellation)).Needs(PeoplePermissions.ReadAccounts);
        doors.Pages.MapPost("/admin/people/{id:guid}", WithdrawAsync).Needs(PeoplePermissions.ManageAccounts);
    }

    private static async Task<IResult> GiveAsync(HttpContext http, StaffDesk desk, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        return sent[KeptForm.Stay].Count > 0 ? await desk.AskAsync(http, new Typed(sent), null, cancellation) : await desk.GiveAsync(http, new Typed(sent), cancellation);
    }

    private static async Task<IResult> WithdrawAsync(Guid id, HttpContext http, StaffDesk desk, CancellationToken cancellation)
    {
        var sent = await http.Request.ReadFormAsync(cancellation);
        return await desk.WithdrawAsync(http, id, Guid.TryParse(sent["role"], CultureInfo.InvariantCulture, out var role) ? role : Guid.Empty, cancellation);
    }

    private static Typed FirstTyped(HttpContext http) => new() { ["email"] = http.Request.Query["email"], ["body"] = http.Request.Query["body"] };
}
