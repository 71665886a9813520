using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Site.Tests.Web;

/// <summary>What somebody meets who starts an installation: https, a worker that keeps to itself, and errors that are said even when the page for them is broken.</summary>
public sealed class FirstStartTests
{
    [Fact]
    public async Task A_bug_in_the_page_of_errors_is_told_all_the_same()
    {
        await using var site = await TestSite.NewAsync(
            doors => doors.Pages.MapGet("/probe/bug", string () => throw new InvalidOperationException("first")).Public(),
            parts => parts.AddSingleton<RefusalPage>((_, _) => throw new InvalidOperationException("second")));
        using var answer = await site.Client.GetAsync("/fr/probe/bug");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("L’erreur vient de nous");
    }

    [Fact]
    public async Task Https_needs_a_certificate_and_promises_to_stay()
    {
        await Should.ThrowAsync<BadInputException>(() => TestSite.NewAsync(settings: [(KernelSettings.Urls, "https://127.0.0.1:0")]));
        var folder = Directory.CreateTempSubdirectory("zinneke-https-");
        var file = Path.Combine(folder.FullName, "site.pem");
        string fingerprint;
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
            using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            fingerprint = made.GetCertHashString();
            await File.WriteAllTextAsync(file, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        }
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Urls, "https://127.0.0.1:0"), (KernelSettings.Certificate, file)]);
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == fingerprint } }) { BaseAddress = site.Address };
        using var answer = await client.GetAsync("/health/live");
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=31536000");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_answers_only_those_who_watch_over_it()
    {
        await using var site = await TestSite.NewAsync(settings: [(KernelSettings.Role, "worker")]);
        (await site.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.Client.GetAsync("/fr/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
