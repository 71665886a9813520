using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Zinneke.Kernel;

namespace Zinneke.Reports;

/// <summary>
/// <c>GET /api/v1/reports/{id}/photos/{photo}/{variant}</c>: photos that are not for everybody, to the reporter by the private link, to staff and to the own system of the holder; the photo in full size
/// (<c>original</c>) to staff of the holder alone (reports.md 4.4). What is public is served from <c>/files</c> and may be kept.
/// </summary>
internal static class ShowPhotos
{
    public static void Map(Doors doors) =>
        doors.Api.MapGet("/reports/{id}/photos/{photo:guid}/{variant}", GetAsync).Public().WithContentSecurity(ContentSecurity.Sandbox)
            .WithSummary("A photo that is not public, for its reporter, for staff and for the holder's own system: large, medium, thumb; original for staff of the holder.").Produces(StatusCodes.Status200OK, contentType: "image/jpeg");

    /// <summary>Where a browser gets a rendition, with <c>{variant}</c> in it.</summary>
    /// <param name="token">The private link's secret, when it is what opens the photo.</param>
    public static string AddressOf(ReportPicture picture, string? token) => picture.File.Visibility == FileVisibility.Public
        ? $"/files/{picture.File.Picture}/{{variant}}.jpg"
        : $"/api/v1/reports/{picture.Photo.ReportId}/photos/{picture.Photo.Id}/{{variant}}{(token is null ? "" : "?t=" + Uri.EscapeDataString(token))}";

    private static async Task<IResult> GetAsync(
        string id, Guid photo, string variant, HttpContext http, Caller caller, Store store, TrackLink link, FileStore files, ReadReport read, RoutingMap routing, TimeProvider time, CancellationToken cancellation)
    {
        if (await read.DetailAsync(id, cancellation) is not { } detail || detail.Pictures.FirstOrDefault(p => p.Photo.Id == photo) is not { } picture)
        {
            return Unknown();
        }
        var sight = DeskSight.Of(caller, detail, time.NowMicros(), routing.Current.Map.Rules.CoordinatorBody);
        var may = variant == "original" ? sight.Contact
            : sight.Report || (!picture.Photo.Hidden && (Hats.IsHoldersSystem(caller, detail.Report) || (await ActOnReportApi.ActingAsync(http, caller, store, link, id, null, cancellation)).IsReporter));
        return may ? ServeFiles.Privately(http, files, picture.File, variant) : Unknown();
    }

    private static Problem Unknown() => new Refusal(RefusalKind.NotFound, "reports.unknownReport").AsProblem();
}
