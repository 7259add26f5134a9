using System.Globalization;

namespace Pinfold.Benchmarks;

/// <summary>What to run, from the command line.</summary>
sealed record Options
{
    public const string Help = """
        Benchmarks of Pinfold.Sharding, each against a hand-written baseline.

          dotnet run -c Release --project bench/Pinfold.Benchmarks -- WHAT [options]

        WHAT       read, write, linkbench, micro or all; or idle: what a process that follows costs while nobody writes;
                   or shards: what many shards cost to make, to write to and to read;
                   or board: a thousand pins that many put on one board of a pinboard at once;
                   or fanout: pins into the home feeds of many followers, in Redis;
                   or page: pages of the whole service, signed out and in, beside a server that returns the same bytes;
                   or search: an index of 100,000 pins, embedded and in Solr
        --engine   mariadb (default), mysql or sqlite (linkbench, board and page only)
        --seconds  length of a slice (default 2)
        --warm-up  seconds that each contender runs before it is timed (default 10): until its code is compiled and its
                   tables do not grow page by page any more
        --rounds   slices of each contender; the median counts (default 7)
        --writers  how many write at once, in write and board (default 16)
        --shards   how many, in idle and shards (default 4096)
        --servers  on how many servers, in shards (default 2)
        --lanes    commits under way at once to a server (default: the library's)
        --out      also writes the results to this file, as JSON
        --data     folder with LinkBench's Distribution.dat.gz (default: data/linkbench below PINFOLD_SHARED)
        --smoke    little data and short slices: checks that all contenders give the same answers; exit code 1 if not

        MySQL: a mysqld of Oracle's on the PATH, or PINFOLD_SHARED set. Spider: Debian's mariadb-plugin-spider.
        """;

    public string What { get; private init; } = "all";

    public string Engine { get; init; } = "mariadb";

    public TimeSpan Slice { get; private init; } = TimeSpan.FromSeconds(2);

    public TimeSpan WarmUp { get; private init; } = TimeSpan.FromSeconds(10);

    public int Rounds { get; private init; } = 7;

    public int Writers { get; private init; } = 16;

    public int Shards { get; private init; } = 4096;

    public int Servers { get; private init; } = 2;

    public int? Lanes { get; private init; }

    public string? Out { get; private init; }

    public string? Data { get; private init; }

    public bool IsSmoke { get; private init; }

    /// <summary>Null, with a reason, if it is not to be understood.</summary>
    public static Options? Parse(string[] args, out string? reason)
    {
        var options = new Options();
        reason = null;
        for (var i = 0; i < args.Length && reason is null; i++)
        {
            if (args[i] is "read" or "write" or "linkbench" or "micro" or "idle" or "shards" or "board"
                or "fanout" or "page" or "search" or "all")
                options = options with { What = args[i] };
            else if (args[i] == "--smoke")
                options = options with
                {
                    IsSmoke = true,
                    Slice = TimeSpan.FromSeconds(0.3),
                    WarmUp = TimeSpan.Zero,
                    Rounds = 1,
                };
            else if (i + 1 < args.Length && options.With(args[i], args[i + 1]) is { } next)
                (options, i) = (next, i + 1);
            else
                reason = $"{args[i]}: not understood here.";
        }
        return reason is null ? options : null;
    }

    Options? With(string name, string value) => name switch
    {
        "--engine" when value is "mariadb" or "mysql" or "sqlite" => this with { Engine = value },
        "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out var s) && s > 0 =>
            this with { Slice = TimeSpan.FromSeconds(s) },
        "--warm-up" when double.TryParse(value, CultureInfo.InvariantCulture, out var s) && s >= 0 =>
            this with { WarmUp = TimeSpan.FromSeconds(s) },
        "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            this with { Rounds = n },
        "--writers" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            this with { Writers = n },
        "--shards" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            this with { Shards = n },
        "--servers" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            this with { Servers = n },
        "--lanes" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n > 0 => this with { Lanes = n },
        "--out" => this with { Out = value },
        "--data" => this with { Data = value },
        _ => null,
    };
}
