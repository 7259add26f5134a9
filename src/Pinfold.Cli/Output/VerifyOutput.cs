using Pinfold.Sharding.Verification;

namespace Pinfold.Cli.Output;

/// <summary>What a verification found, as a person reads it or as JSON.</summary>
static class VerifyOutput
{
    /// <summary>How many findings of a kind a person is shown.</summary>
    const int ShownMax = 20;

    public static void Write(
        FleetReport report, IReadOnlyList<RepairedFinding>? repaired, bool showsRepairs, bool isJson)
    {
        if (isJson)
        {
            OutputOption.WriteJson(Shown(report, repaired), CliJson.Default.VerifiedFleet);
            return;
        }
        OutputOption.WriteTable(["check", "looked at", "wrong", "not judged", "notes"], VerifyChecks.All.Select(name =>
        {
            var its = report.Shards.SelectMany(shard => shard.Checks).Where(check => check.Name == name).ToList();
            return (string[])
            [
                name, $"{its.Sum(c => c.LookedAt):N0}", $"{its.Sum(c => c.Faults):N0}",
                $"{its.Sum(c => c.NotJudged):N0}", $"{its.Sum(c => c.Notes):N0}",
            ];
        }));
        var findings = report.Shards.SelectMany(shard => shard.Findings).ToList();
        WriteAll("Wrong:", findings.FindAll(f => f.Kind == FindingKind.Fault));
        WriteAll("Not judged:", findings.FindAll(f => f.Kind == FindingKind.NotJudged));
        WriteAll("For your information:", findings.FindAll(f => f.Kind == FindingKind.Note));
        if (repaired is not null)
            Write(repaired);
        else if (showsRepairs)
            WritePlan(findings.FindAll(f => f.CanBeRepaired), report.IsWhole);
        Console.WriteLine(Sum(report));
    }

    static string Sum(FleetReport report) => report switch
    {
        { IsWhole: false } =>
            $"Ended before its end: {report.Shards.Count:N0} shards were looked at, the last in part.",
        { Faults: > 0 } => $"{report.Shards.Count:N0} shards, {report.Faults:N0} faults.",
        { NotJudged: > 0 } => $"{report.Shards.Count:N0} shards; no fault among what could be judged.",
        _ => $"{report.Shards.Count:N0} shards, no fault.",
    };

    static void WriteAll(string title, List<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        Console.WriteLine(title);
        foreach (var finding in findings.Take(ShownMax))
        {
            Console.WriteLine($"  {finding.Check}, shard {finding.Shard}: {finding.What}.");
            if (finding.ToDo.Length > 0)
                Console.WriteLine($"    {finding.ToDo}");
        }
        if (findings.Count > ShownMax)
            Console.WriteLine($"  And {findings.Count - ShownMax:N0} more; with --json you get them all.");
        Console.WriteLine();
    }

    /// <summary>All of it: nothing is written that was not shown.</summary>
    static void WritePlan(List<Finding> repairs, bool isWhole)
    {
        if (repairs.Count == 0)
        {
            Console.WriteLine("There is nothing that --repair puts right.");
            return;
        }
        Console.WriteLine("--repair --yes would do this, after it has looked again; nothing was written:");
        foreach (var finding in repairs)
            Console.WriteLine(
                $"  shard {finding.Shard}: {finding.ToDo.Replace("--repair ", "", StringComparison.Ordinal)}");
        if (!isWhole)
            Console.WriteLine("It does nothing before a verification has come to its end.");
        Console.WriteLine();
    }

    static void Write(IReadOnlyList<RepairedFinding> repaired)
    {
        foreach (var its in repaired)
            Console.WriteLine(its.Problem is null
                ? $"Repaired on shard {its.Finding.Shard}: {its.Finding.What}."
                : $"Not repaired on shard {its.Finding.Shard}: {its.Finding.What}: {its.Problem}");
        Console.WriteLine(repaired.Count == 0 ? "There is nothing that --repair puts right."
            : "Verify again to see that all is right.");
        Console.WriteLine();
    }

    static VerifiedFleet Shown(FleetReport report, IReadOnlyList<RepairedFinding>? repaired) => new(
        report.IsWhole, report.Faults, report.NotJudged,
        [.. report.Shards.Select(shard => new VerifiedShard(
            shard.Shard.Value, shard.Server,
            [.. shard.Checks.Select(c => new VerifiedCheck(c.Name, c.LookedAt, c.Faults, c.NotJudged, c.Notes))],
            [.. shard.Findings.Select(f => Shown(f, repaired))]))]);

    static VerifiedFinding Shown(Finding finding, IReadOnlyList<RepairedFinding>? repaired)
    {
        var its = repaired?.FirstOrDefault(r => ReferenceEquals(r.Finding, finding));
        return new VerifiedFinding(finding.Check, finding.Kind switch
        {
            FindingKind.Fault => "fault",
            FindingKind.Note => "note",
            _ => "notJudged",
        }, finding.What, finding.ToDo, finding.CanBeRepaired, its is null ? null : its.Problem is null, its?.Problem);
    }
}

/// <summary>A fleet as <c>verify --json</c> writes it.</summary>
sealed record VerifiedFleet(bool IsWhole, long Faults, long NotJudged, VerifiedShard[] Shards);

/// <summary>A shard of it.</summary>
sealed record VerifiedShard(int Shard, string Server, VerifiedCheck[] Checks, VerifiedFinding[] Findings);

/// <summary>A check of a shard.</summary>
sealed record VerifiedCheck(string Name, long LookedAt, long Faults, long NotJudged, long Notes);

/// <summary>What was found; <c>isRepaired</c> is null where nobody tried.</summary>
sealed record VerifiedFinding(
    string Check, string Kind, string What, string ToDo, bool CanBeRepaired, bool? IsRepaired, string? Problem);
