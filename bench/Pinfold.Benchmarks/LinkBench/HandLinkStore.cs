using System.Runtime.CompilerServices;
using MySqlConnector;
using Pinfold.Testing.Servers;

namespace Pinfold.Benchmarks.LinkBench;

/// <summary>
/// LinkBench's own three tables on one database, by hand with MySqlConnector: its columns and indexes (its README), its
/// statements and transactions, in fewer round trips where one batch can do. No shards, no journal, no fence.
/// </summary>
/// <remarks>Data are bytes here, not latin1 text, so that nothing has to be converted.</remarks>
sealed class HandLinkStore : ILinkStore
{
    const int DeadlocksMax = 10;
    readonly MySqlDataSource _source;

    public HandLinkStore(DatabaseServer server)
    {
        var connection = BenchStore.Connection(server);
        connection.Database = "linkdb";
        _source = new MySqlDataSourceBuilder(connection.ConnectionString)
            .UseConnectionOpenedCallback(static async (context, cancellation) =>
            {
                if ((context.Conditions & MySqlConnectionOpenedConditions.New) == 0)
                    return;
                await using var command =
                    new MySqlCommand("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", context.Connection);
                await command.ExecuteNonQueryAsync(cancellation);
            })
            .Build();
    }

    public static async Task<HandLinkStore> CreateAsync(DatabaseServer server)
    {
        await server.ExecuteAsync("""
            CREATE DATABASE linkdb CHARACTER SET latin1;
            CREATE TABLE linkdb.linktable (
              id1 BIGINT UNSIGNED NOT NULL DEFAULT 0, id2 BIGINT UNSIGNED NOT NULL DEFAULT 0,
              link_type BIGINT UNSIGNED NOT NULL DEFAULT 0, visibility TINYINT NOT NULL DEFAULT 0,
              data VARBINARY(255) NOT NULL DEFAULT '', time BIGINT UNSIGNED NOT NULL DEFAULT 0,
              version INT UNSIGNED NOT NULL DEFAULT 0,
              PRIMARY KEY (link_type, id1, id2),
              KEY id1_type (id1, link_type, visibility, time, id2, version, data)
            ) ENGINE=InnoDB PARTITION BY KEY(id1) PARTITIONS 16;
            CREATE TABLE linkdb.counttable (
              id BIGINT UNSIGNED NOT NULL DEFAULT 0, link_type BIGINT UNSIGNED NOT NULL DEFAULT 0,
              count INT UNSIGNED NOT NULL DEFAULT 0, time BIGINT UNSIGNED NOT NULL DEFAULT 0,
              version BIGINT UNSIGNED NOT NULL DEFAULT 0,
              PRIMARY KEY (id, link_type)) ENGINE=InnoDB;
            CREATE TABLE linkdb.nodetable (
              id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, type INT UNSIGNED NOT NULL,
              version BIGINT UNSIGNED NOT NULL, time INT UNSIGNED NOT NULL, data MEDIUMBLOB NOT NULL) ENGINE=InnoDB;
            """);
        return new HandLinkStore(server);
    }

    public async Task LoadAsync(Graph graph)
    {
        await using (var nodes = new RowLoader(_source, "nodetable(id,type,version,time,data)"))
            for (var id = 1; id <= graph.Nodes; id++)
            {
                var node = graph.NodeOf(id);
                await nodes.AddAsync(
                    $"({id},{node.Type},{node.Version},{node.Time},x'{Convert.ToHexString(node.Data)}')");
            }
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Graph.Types), async (type, _) => await LoadLinksAsync(graph, type));
    }

    public async Task<long> AddNodeAsync(Node node)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new MySqlCommand(
            Text($"INSERT INTO nodetable(type,version,time,data)VALUES({node.Type},{node.Version},{node.Time},@data)"),
                connection);
        command.Parameters.Add(new MySqlParameter("@data", node.Data));
        await command.ExecuteNonQueryAsync();
        return command.LastInsertedId;
    }

    public async Task<bool> UpdateNodeAsync(Node node)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new MySqlCommand(
            Text($"UPDATE nodetable SET version={node.Version},time={node.Time},data=@data WHERE id={node.Id} AND " +
                $"type={node.Type}"), connection);
        command.Parameters.Add(new MySqlParameter("@data", node.Data));
        return await command.ExecuteNonQueryAsync() == 1;
    }

    public async Task<bool> DeleteNodeAsync(long id)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command =
            new MySqlCommand(Text($"DELETE FROM nodetable WHERE id={id} AND type=2048"), connection);
        return await command.ExecuteNonQueryAsync() == 1;
    }

    public async Task<Node?> GetNodeAsync(long id)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command =
            new MySqlCommand(Text($"SELECT id,type,version,time,data FROM nodetable WHERE id={id}"), connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new Node(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt32(3), Bytes(reader, 4))
            : null;
    }

    public Task PutLinkAsync(Link link) => RetriedAsync(async connection =>
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = await RunAsync(connection, Text(
            $"START TRANSACTION;INSERT INTO " +
                $"linktable(id1,id2,link_type,visibility,data,time,version)VALUES(" +
                $"{link.Id1},{link.Id2},{link.Type},1,@data,{link.Time},{link.Version})" +
                $"ON DUPLICATE KEY UPDATE visibility=VALUES(visibility)"),
            link.Data);
        // One row: it is new. None: it was visible. Two: it was hidden.
        var count = rows == 0 ? "" : Text(
            $"INSERT INTO counttable(id,link_type,count,time,version)VALUES({link.Id1},{link.Type},1,{now},0)ON " +
                $"DUPLICATE KEY UPDATE count=count+1,version=version+1,time={now};");
        if (rows == 1)
            await RunAsync(connection, count + "COMMIT", null);
        else
            await RunAsync(connection, count + Text(
                $"UPDATE linktable SET visibility=1,data=@data,time={link.Time},version={link.Version} WHERE " +
                    $"id1={link.Id1} AND id2={link.Id2} AND link_type={link.Type};COMMIT"),
                link.Data);
    });

    public Task DeleteLinkAsync(long id1, int type, long id2) => RetriedAsync(async connection =>
    {
        bool isVisible;
        await using (var select = new MySqlCommand(Text(
            $"START TRANSACTION;SELECT visibility FROM linktable WHERE id1={id1} AND id2={id2} AND link_type={type} " +
                $"FOR UPDATE"), connection))
        await using (var reader = await select.ExecuteReaderAsync())
            isVisible = await reader.ReadAsync() && reader.GetByte(0) == 1;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await RunAsync(connection, !isVisible ? "COMMIT" : Text(
            $"UPDATE linktable SET visibility=0 WHERE id1={id1} AND id2={id2} AND link_type={type};INSERT INTO " +
                $"counttable(id,link_type,count,time,version)VALUES({id1},{type},0,{now},0)ON DUPLICATE KEY UPDATE " +
                    $"count=IF(count=0,0,count-1),time={now},version=version+1;COMMIT"),
            null);
    });

    public async Task<LinkPage> GetLinksAsync(long id1, int type, int limit, LinkPage? after)
    {
        // As LinkBench does it: from the time of the last link on, without the first.
        var (timeMax, offset) = after is null ? (long.MaxValue, 0) : (after.Links[^1].Time, 1);
        var links = await ReadLinksAsync(Text(
            $"SELECT id1,id2,link_type,visibility,data,time,version FROM linktable FORCE INDEX(id1_type) WHERE " +
                $"id1={id1} AND link_type={type} AND time>=0 AND time<={timeMax} AND visibility=1 ORDER BY time DESC " +
                    $"LIMIT {offset},{limit}"));
        return new LinkPage(links, links.Length == limit ? "more" : null);
    }

    public Task<Link[]> MultigetLinksAsync(long id1, int type, long[] id2s) => ReadLinksAsync(Text(
        $"SELECT id1,id2,link_type,visibility,data,time,version FROM linktable WHERE id1={id1} AND link_type={type} " +
            $"AND id2 IN({string.Join(',', id2s)}) AND visibility=1"));

    public async Task<long> CountLinksAsync(long id1, int type)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command =
            new MySqlCommand(Text($"SELECT count FROM counttable WHERE id={id1} AND link_type={type}"), connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? reader.GetInt64(0) : 0;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    async Task LoadLinksAsync(Graph graph, int type)
    {
        await using var counts = new RowLoader(_source, "counttable(id,link_type,count)");
        await using var links = new RowLoader(_source, "linktable(id1,id2,link_type,visibility,data,time,version)");
        for (var id = 1; id <= graph.Nodes; id++)
        {
            if (graph.LinksOf(id, type) > 0)
                await counts.AddAsync($"({id},{type},{graph.LinksOf(id, type)})");
            foreach (var link in graph.LinksFrom(id, type))
                await links.AddAsync(
                    $"({id},{link.Id2},{type},1,x'{Convert.ToHexString(link.Data)}',{link.Time},{link.Version})");
        }
    }

    async Task<Link[]> ReadLinksAsync(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var links = new List<Link>();
        while (await reader.ReadAsync())
            links.Add(
                new Link(
                    reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(5), reader.GetInt32(6),
                    Bytes(reader, 4)));
        return [.. links];
    }

    /// <summary>A transaction that the server ended because of a deadlock is run again, as LinkBench does.</summary>
    async Task RetriedAsync(Func<MySqlConnection, Task> transaction)
    {
        for (var deadlocks = 0; ; deadlocks++)
        {
            await using var connection = await _source.OpenConnectionAsync();
            try
            {
                await transaction(connection);
                return;
            }
            catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.LockDeadlock && deadlocks < DeadlocksMax)
            {
            }
        }
    }

    static async Task<int> RunAsync(MySqlConnection connection, string sql, byte[]? data)
    {
        await using var command = new MySqlCommand(sql, connection);
        if (data is not null)
            command.Parameters.Add(new MySqlParameter("@data", data));
        return await command.ExecuteNonQueryAsync();
    }

    static byte[] Bytes(MySqlDataReader reader, int column) => (byte[])reader.GetValue(column);

    static string Text(DefaultInterpolatedStringHandler sql) => sql.ToStringAndClear();
}
