using System.Text.Json;
using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads a list of <c>host:port</c>, none of them twice.</summary>
static class AddressList
{
    public static List<HostPort> Read(SourceObject source, string name, ProblemList problems)
    {
        const string right = "a list of \"host:port\"";
        var addresses = new List<HostPort>();
        foreach (var item in source.List(name, right, required: false) ?? [])
        {
            if (item.Kind != JsonTokenType.String || !HostPort.TryParse(item.Text, out var address))
                problems.Add(item.Offset, $"{item.Describe()} in \"{name}\" is no address: write \"host:port\", "
                    + "with an IPv6 address in brackets.");
            else if (addresses.Contains(address))
                problems.Add(item.Offset, $"{item.Describe()} is in \"{name}\" twice: keep one.");
            else
                addresses.Add(address);
        }
        return addresses;
    }
}
