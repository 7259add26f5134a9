using System.Globalization;
using Pinfold.Lab.State;

namespace Pinfold.Lab.Relays;

/// <summary>
/// Which connections servers of the lab have opened, as the kernel knows it, proc(5): so that a replica that is cut
/// does not reach its primary either.
/// </summary>
sealed class ConnectionOwners
{
    // Fields of a line of /proc/net/tcp: address:port of both sides in hexadecimal, and the socket's inode.
    const int LocalField = 1, RemoteField = 2, InodeField = 9;

    readonly Dictionary<(int From, int To), string> _names = [];

    /// <summary>Reads what is so now.</summary>
    public ConnectionOwners(IEnumerable<LabServer> servers)
    {
        var sockets = (from server in servers
                       where server.HasProcess()
                       from link in Links(server.Process!.Id)
                       select (link, server.Name)).DistinctBy(pair => pair.link).ToDictionary();
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (sockets.TryGetValue($"socket:[{fields[InodeField]}]", out var name))
                _names[(Port(fields[LocalField]), Port(fields[RemoteField]))] = name;
        }
    }

    /// <summary>The name of the server that has connected from one port to another; null for anybody else.</summary>
    public string? Find(int from, int to) => _names.GetValueOrDefault((from, to));

    static int Port(string address) =>
        int.Parse(address.AsSpan(address.IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static List<string> Links(int processId)
    {
        List<string> links = [];
        try
        {
            foreach (var descriptor in new DirectoryInfo($"/proc/{processId}/fd").EnumerateFileSystemInfos())
                if (descriptor.LinkTarget is { } target && target.StartsWith("socket:", StringComparison.Ordinal))
                    links.Add(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is not ours to look into.
        }
        return links;
    }
}
