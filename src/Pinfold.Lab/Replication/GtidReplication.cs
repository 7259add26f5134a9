using System.Globalization;
using MySqlConnector;
using Pinfold.Lab.Programs;

namespace Pinfold.Lab.Replication;

/// <summary>Replication by global transaction ids, in the words of either engine.</summary>
public sealed class GtidReplication(DatabaseProgram program)
{
    bool IsMySql => program is MySqlProgram;

    /// <summary>Has an empty server follow another from its first transaction on.</summary>
    public Task FollowAsync(int port, int sourcePort, CancellationToken cancellation) => program.ExecuteAsync(port,
        IsMySql
            ? $"""
                CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {sourcePort},
                    SOURCE_USER = '{DatabaseProgram.ReplicationUser}', SOURCE_PASSWORD = '{program.Options.Password}',
                    SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1,
                    SOURCE_CONNECT_RETRY = 1, SOURCE_HEARTBEAT_PERIOD = 1;
                START REPLICA
                """
            : $"""
                CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {sourcePort},
                    MASTER_USER = '{DatabaseProgram.ReplicationUser}', MASTER_PASSWORD = '{program.Options.Password}',
                    MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1;
                START SLAVE
                """, cancellation);

    /// <summary>
    /// Lets a server take writes if it follows nobody, and none if it does, whatever it was started as.
    /// </summary>
    public async Task SettleReadOnlyAsync(int port, CancellationToken cancellation)
    {
        var follows = await ReadAsync(port, cancellation) is not null;
        await program.ExecuteAsync(port, (IsMySql, follows) switch
        {
            (true, true) => "SET GLOBAL super_read_only = ON",
            (false, true) => "SET GLOBAL read_only = ON",
            (_, false) => "SET GLOBAL read_only = OFF",
        }, cancellation);
    }

    /// <summary>Null for a server that follows nobody.</summary>
    public async Task<ReplicaStatus?> ReadAsync(int port, CancellationToken cancellation)
    {
        await using var connection = await program.OpenAsync(port, cancellation);
        await using var command = new MySqlCommand(IsMySql ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
            return null;
        var (replica, source) = IsMySql ? ("Replica", "Source") : ("Slave", "Master");
        var lag = row[$"Seconds_Behind_{source}"];
        var problems = new[] { Text("Last_IO_Error"), Text("Last_SQL_Error") }.Where(text => text.Length > 0);
        return new ReplicaStatus(
            Convert.ToInt32(row[$"{source}_Port"], CultureInfo.InvariantCulture),
            Text($"{replica}_IO_Running") == "Yes" && Text($"{replica}_SQL_Running") == "Yes",
            lag is DBNull ? null : TimeSpan.FromSeconds(Convert.ToInt64(lag, CultureInfo.InvariantCulture)),
            string.Join(' ', problems));

        string Text(string column) => row[column] as string ?? "";
    }
}
