using System.Reflection;
using BenchmarkDotNet.Running;
using Zinneke.Bench.Reports;

// ./zinneke bench NAME: measurements of the whole program by name, everything else through BenchmarkDotNet (--filter '*Geo*').
if (args is ["submissions", ..])
{
    return await SubmissionsBench.RunAsync(args[1..]);
}
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
