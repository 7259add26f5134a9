namespace Pinfold.Sharding.Engines.Sqlite;

/// <summary>A folder of SQLite files as its operators see it.</summary>
sealed class SqliteServerAdmin(SqliteShardServer server, string folder) : IServerAdmin
{
    public async ValueTask<ServerFacts> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $"probe-{Guid.NewGuid():N}");
            await File.WriteAllTextAsync(probe, "", cancellation);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                $"Server {server.Name}: the folder {folder} cannot be written to: {e.Message}", e);
        }
        return new ServerFacts("SQLite", SQLitePCL.raw.sqlite3_libversion().utf8_to_string(),
            await server.ListShardsAsync(cancellation));
    }
}
