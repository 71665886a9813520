using System.Reflection;
using BenchmarkDotNet.Running;
using Zinneke.Bench;
using Zinneke.Bench.Files;
using Zinneke.Bench.Followers;
using Zinneke.Bench.Geo;
using Zinneke.Bench.Live;
using Zinneke.Bench.Reports;
using Zinneke.Bench.Site;

// ./zinneke bench NAME: a measurement by its name; ./zinneke bench --filter '*Geo*': parts of it through BenchmarkDotNet.
Measurement[] all = [GeoMeasurement.Entry, PhotoMeasurement.Entry, ReportsMeasurement.Entry, SubmissionsMeasurement.Entry, ImportsMeasurement.Entry, LiveMeasurement.Entry, FollowersMeasurement.Entry, SiteMeasurement.Entry];

if (args is ["--filter" or "--list" or "--job", ..])
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
    return 0;
}
if (args is [] or ["--help" or "-h", ..])
{
    Console.WriteLine("Measures, checks its answers, and writes bench/results/CPU/NAME.md. On a machine that does nothing else:\n");
    foreach (var one in all)
    {
        Console.WriteLine($"  bench {one.Name,-12} {one.Help}\n  {"",-18} {string.Join(' ', one.Options.Select(option => $"--{option.Key} {option.Value}"))}");
    }
    Console.WriteLine("\n  bench --filter '*Geo*'  parts, through BenchmarkDotNet");
    return 0;
}
if (Array.Find(all, one => one.Name == args[0]) is not { } chosen || !chosen.TryRead(args[1..], out var options))
{
    await Console.Error.WriteLineAsync($"bench {string.Join(' ', args)}: bench --help lists what there is");
    return 2;
}
var load = Machine.LoadAverage();
var findings = await chosen.Run(options);
ResultFile.Write(chosen, options, findings, load);
return 0;
