using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Zinneke.Kernel;
using Zinneke.Reports;

namespace Zinneke.Site.Tests.Processes;

/// <summary>A node for requests alone leaves the work to others (<see cref="KernelSettings.Role"/>).</summary>
public class RolesTests
{
    [Theory]
    [InlineData("web", 0)]
    [InlineData("all", 1)]
    public async Task Work_runs_where_workers_run_and_once(string role, int times)
    {
        await using var site = await TestSite.NewAsync(settings: (KernelSettings.Role, role));
        var running = site.Services.GetServices<IHostedService>().ToList();
        foreach (var work in new[] { typeof(RetainReports), typeof(ReportClock), typeof(SendDeliveries), typeof(ForwardReports), typeof(Retention), typeof(MailSender), typeof(FileWorker), typeof(FinishImports) })
        {
            running.Count(service => service.GetType() == work).ShouldBe(times, work.Name);
        }
    }
}
