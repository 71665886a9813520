using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Zinneke.Kernel;

/// <summary>Registers mail, and the door through which a mail program unsubscribes.</summary>
public static class MailSetup
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        foreach (var setting in MailSettings.All)
        {
            services.AddSingleton(setting);
        }
        services.AddSingleton(p => MailTransport.Of(p.GetRequiredService<Settings>(), p.GetRequiredService<DataFolder>()));
        services.AddSingleton<Mails>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<PersonalData, MailData>();
        return services;
    }

    /// <summary>One-click unsubscribing (RFC 8058): a mail program posts here, without cookie and without asking. By GET nothing is there: scanners open links.</summary>
    internal static void MapMail(this IEndpointRouteBuilder root) => root.MapPost("/mail/unsubscribe", async (string? t, Mails mails, Writer writer, CancellationToken cancellation) =>
    {
        if (!mails.TryReadPaceToken(t, out var address, out var about))
        {
            return Results.NotFound();
        }
        await writer.DoAsync(Actor.Anonymous, unit => Mails.ChoosePaceAsync(unit, address, about, MailPace.Never, cancellation), cancellation);
        return Results.Ok();
    }).Public().ExcludeFromDescription();
}
