using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Zinneke.Kernel;

namespace Zinneke.Ui;

/// <summary>Choosing how often mail about a thing comes, from the link under every such mail; and, in the demonstration, the mails that were sent.</summary>
internal static class MailPages
{
    private const int ShownMax = 100;
    private static readonly RateLimit Choosing = new("mail", new Quota(60, TimeSpan.FromMinutes(10)));

    public static void MapMailPages(this Doors doors)
    {
        doors.Pages.MapGet("/mail", ShowAsync).Public().Limited(Choosing);
        doors.Pages.MapPost("/mail", ChooseAsync).Public().Limited(Choosing);
        doors.Pages.MapGet("/dev/mail", ListSent).Public();
        doors.Pages.MapGet("/dev/mail/{id:guid}", ShowSent).Public();
        doors.Root.MapGet("/dev/mail", (HttpContext http) => new SeeOther($"/{http.Language()}/dev/mail")).Public().ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync([FromQuery] string? t, string? done, HttpContext http, Mails mails, Store store, CancellationToken cancellation)
    {
        if (!mails.TryReadPaceToken(t, out var address, out var about))
        {
            return SignInPages.Page<MailPacePage>(new { }, StatusCodes.Status404NotFound, http);
        }
        var pace = await Mails.PaceOfAsync(store, address, about, cancellation);
        return SignInPages.Page<MailPacePage>(new { Address = address, Pace = pace ?? MailPace.AtOnce, Token = t, Done = done is not null }, 200, http);
    }

    private static async Task<IResult> ChooseAsync([FromForm] string? t, [FromForm] string? pace, HttpContext http, Mails mails, Writer writer, CancellationToken cancellation)
    {
        if (!mails.TryReadPaceToken(t, out var address, out var about))
        {
            return SignInPages.Page<MailPacePage>(new { }, StatusCodes.Status404NotFound, http);
        }
        if (!Enum.TryParse<MailPace>(pace, out var chosen) || !Enum.IsDefined(chosen))
        {
            return SignInPages.Page<MailPacePage>(new { Address = address, Token = t, Refusal = Refusal.Invalid("ui.chooseOne", "pace") }, 422, http);
        }
        var kept = await Mails.ChoosePaceAsync(writer, address, about, chosen, cancellation);
        return kept.Refusal is { } refusal ? refusal.AsProblem() : new SeeOther($"/{http.Language()}/mail?t={t}&done=1");
    }

    private static IResult ListSent(HttpContext http, Settings settings, DataFolder folder) => MailFolder.IsShown(settings, http.Request)
        ? SignInPages.Page<SentMailsPage>(new { Mails = MailFolder.Newest(folder, ShownMax) }, 200, http)
        : new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();

    private static IResult ShowSent(Guid id, HttpContext http, Settings settings, DataFolder folder) => MailFolder.IsShown(settings, http.Request) && MailFolder.Find(folder, id) is { } mail
        ? SignInPages.Page<SentMailPage>(new { Mail = mail }, 200, http)
        : new Refusal(RefusalKind.NotFound, "kernel.notFound").AsProblem();
}
