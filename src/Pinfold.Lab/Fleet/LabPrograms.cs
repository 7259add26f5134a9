using Pinfold.Lab.Programs;
using Pinfold.Lab.State;
using Pinfold.Sharding;

namespace Pinfold.Lab.Fleet;

/// <summary>Which program each server of a lab runs, and with which options.</summary>
sealed class LabPrograms(string password, MySqlInstallation? mySql, string? solrFolder)
{
    /// <summary>A shard has four tables, and a server of a lab may come to have all shards.</summary>
    const int TablesPerShard = 4, TablesBeside = 1000, ConnectionsMax = 500;

    /// <summary>What is needed to run these, found on this machine.</summary>
    /// <exception cref="PinfoldException">Unavailable: all that is missing, and how to get it.</exception>
    public static async Task<LabPrograms> FindAsync(LabState state, string password)
    {
        List<string> missing = [];
        MySqlInstallation? mySql = null;
        try
        {
            if (state.Engine == LabEngine.MySql)
                mySql = await MySqlInstallation.GetAsync(Variable(MySqlInstallation.Variable));
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable)
        {
            missing.Add(e.Message);
        }
        var programs = new LabPrograms(password, mySql, Variable(SolrProgram.Variable));
        foreach (var server in state.Servers.Where(s => mySql is not null || !IsMySql(state, s)))
            try
            {
                _ = programs.Of(state, server).Command("", server.OwnPort);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Unavailable)
            {
                missing.Add(e.Message);
            }
        return missing.Count == 0 ? programs
            : throw new PinfoldException(ErrorKind.Unavailable, string.Join('\n', missing.Distinct()));
    }

    static bool IsMySql(LabState state, LabServer server) =>
        server.Kind == LabKind.Database && state.Engine == LabEngine.MySql;

    /// <summary>Enough to ask servers that run.</summary>
    public static LabPrograms ToAsk(string password) => new(password, new MySqlInstallation("mysqld", null), "");

    public ServerProgram Of(LabState state, LabServer server) => server.Kind switch
    {
        LabKind.Memcached => new MemcachedProgram(new MemcachedServerOptions()),
        LabKind.Redis => new RedisProgram(new RedisServerOptions
        {
            Save = "300 1",
            Arguments = ["--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"],
        }),
        LabKind.Solr => solrFolder is "" ? new SolrProgram("") : SolrProgram.Get(solrFolder),
        _ => Database(state, server),
    };

    /// <summary>The program of a server that is a database.</summary>
    public DatabaseProgram Database(LabState state, LabServer server)
    {
        var tables = (state.ShardCount * TablesPerShard) + TablesBeside;
        var options = new DatabaseServerOptions
        {
            Password = password,
            ConnectionsMax = ConnectionsMax,
            BinaryLogServerId = server.Number,
            GtidDomain = server.Domain,
            IsReadOnly = server.Of is not null,
            Arguments =
            [
                $"--table-open-cache={tables}", $"--table-definition-cache={tables}", $"--innodb-open-files={tables}",
                $"--open-files-limit={(2 * tables) + ConnectionsMax}",
                "--report-host=127.0.0.1", $"--report-port={server.Port}",
            ],
        };
        return state.Engine == LabEngine.MySql ? new MySqlProgram(mySql!, options) : new MariaDbProgram(options);
    }

    static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
