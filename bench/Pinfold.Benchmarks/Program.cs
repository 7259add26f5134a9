using Pinfold.Benchmarks;
using Pinfold.Benchmarks.FanOut;
using Pinfold.Benchmarks.Idle;
using Pinfold.Benchmarks.LinkBench;
using Pinfold.Benchmarks.ManyShards;
using Pinfold.Benchmarks.OneBoard;
using Pinfold.Benchmarks.Pages;
using Pinfold.Benchmarks.Reading;
using Pinfold.Benchmarks.Searching;
using Pinfold.Benchmarks.Writing;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Options.Help);
    return 0;
}
if (Options.Parse(args, out var reason) is not { } options)
{
    await Console.Error.WriteLineAsync($"{reason}\n\n{Options.Help}");
    return 2;
}
var results = new List<ContestResult>();
try
{
    if (options.What is "idle" && options.Engine == "mariadb")
        await IdleBenchmark.RunAsync(options);
    if (options.What is "board")
        await OneBoardBenchmark.RunAsync(options);
    if (options.What is "fanout")
        results.AddRange(await FanOutBenchmark.RunAsync(options));
    if (options.What is "page")
        results.AddRange(await PageBenchmark.RunAsync(options));
    if (options.What is "search")
        await SearchBenchmark.RunAsync(options);
    if (options.What is "micro" or "all")
        MicroBenchmark.Run(options);
    if (options.What is "read" or "all" && options.Engine != "sqlite")
        results.AddRange(await ReadBenchmark.RunAsync(options));
    if (options.What is "write" or "all" && options.Engine != "sqlite")
        results.Add(await WriteBenchmark.RunAsync(options));
    if (options.What is "shards" && options.Engine != "sqlite")
        results.AddRange(await ManyShardsBenchmark.RunAsync(options));
    if (options.What is "linkbench" or "all")
        results.Add(await LinkBenchmark.RunAsync(options));
}
catch (MismatchException e)
{
    await Console.Error.WriteLineAsync($"Contenders differ: {e.Message}");
    return 1;
}
if (options.Out is { } path)
    await ResultFile.WriteAsync(path, results);
return 0;
