using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Pinfold.Sharding.Engines;
using Pinfold.Sharding.Engines.Sqlite;
using Pinfold.Sharding.Store;
using Pinfold.Sharding.Tests.Store;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Faults;

/// <summary>
/// The embedded engine lives in the process: what is left when that is killed in the midst of its commits.
/// </summary>
public sealed class KilledProcessTests
{
    const int Kills = 3;

    [Fact]
    public async Task WhatAKilledProcessWasToldIsDoneIsThereAndNothingIsThereByHalf()
    {
        var random = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine).NewRandom();
        using var folder = new TempFolder("killed");
        var told = new List<(ShardId Shard, TransactionId Transaction, long Seq)>();

        for (var kill = 0; kill < Kills; kill++)
        {
            told.AddRange(await WriteAndKillAsync(folder.Path, random.Next(1, 200), random.Next(0, 3000)));

            for (var i = 0; i < KilledWriter.Shards; i++)
                await ShardAudit.CheckAsync(new ShardId(i), sql => SqlAsync(folder, new ShardId(i), sql));
        }

        await using var store = KilledWriter.Open(folder.Path);
        foreach (var (shard, transaction, seq) in told)
        {
            var read = new TransactionRead(shard, transaction);
            await store.Router.ReadAsync([read], default);
            read.Receipt.ShouldNotBeNull().Seq.ShouldBe(seq);
        }
    }

    /// <summary>Kills the writer some time after it has said that many lines; all that it said.</summary>
    static async Task<List<(ShardId, TransactionId, long)>> WriteAndKillAsync(string folder, int lines, int spins)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Pinfold.Sharding.Tests");
        var start = new ProcessStartInfo(program, [KilledWriter.Verb, folder]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var told = new List<(ShardId, TransactionId, long)>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may have been cut by the kill.
            if (line.Split(' ') is [var shard, var id, var seq, "."])
                told.Add((new ShardId(int.Parse(shard, CultureInfo.InvariantCulture)),
                    new TransactionId(Guid.Parse(id)), long.Parse(seq, CultureInfo.InvariantCulture)));
            if (told.Count == lines)
            {
                Thread.SpinWait(spins);
                process.Kill();
            }
        }
        await process.WaitForExitAsync();
        told.Count.ShouldBeGreaterThanOrEqualTo(lines, "the writer ended on its own");
        return told;
    }

    static async Task<List<string[]>> SqlAsync(TempFolder folder, ShardId shard, string sql)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={folder[SqliteFiles.NameOf(shard)]};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(i)}")]);
        return rows;
    }
}
