using Pinfold.Benchmarks;

var (what, engine) = (args.ElementAtOrDefault(0) ?? "all", args.ElementAtOrDefault(1) ?? "mariadb");
var seconds = double.Parse(args.ElementAtOrDefault(2) ?? "2", System.Globalization.CultureInfo.InvariantCulture);
var rounds = int.Parse(args.ElementAtOrDefault(3) ?? "7", System.Globalization.CultureInfo.InvariantCulture);
var lanes = int.Parse(args.ElementAtOrDefault(4) ?? "4", System.Globalization.CultureInfo.InvariantCulture);
if (what is "write" or "all")
    await WriteBenchmark.RunAsync(engine, lanes, TimeSpan.FromSeconds(seconds), rounds);
return 0;
