using Pinfold.Sharding.Engines;

namespace Pinfold.Sharding.Verification;

/// <summary>Whether a shard's tables are as this program makes them.</summary>
sealed class SchemaCheck(VerifyRun run, ShardFindings findings)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var schema = new SchemaRead(findings.Shard);
        await run.ReadAsync([schema], cancellation);
        findings.LookedAt(VerifyChecks.Schema, schema.Expected.Count);
        foreach (var line in schema.Expected.Except(schema.Found))
            findings.Fault(VerifyChecks.Schema, $"there is no {line}",
                "Make it as docs/reference/sql-schema.md has it, while nothing writes to the shard.");
        foreach (var line in schema.Found.Except(schema.Expected))
            findings.Fault(VerifyChecks.Schema, $"there is {line}, which this program does not make",
                "Remove it, or make it as docs/reference/sql-schema.md has it.");
    }
}
