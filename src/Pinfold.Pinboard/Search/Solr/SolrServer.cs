using System.Net.Http.Headers;
using System.Text;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>The address of a Solr as it is configured.</summary>
static class SolrServer
{
    const int ServersMax = 64;

    /// <summary>Addresses with commas between them, each perhaps with a name and a password for Basic.</summary>
    /// <exception cref="PinfoldException">Invalid: one is none; it says what is, and nothing of a password.</exception>
    public static IReadOnlyList<SearchServer> ParseList(string text, string option)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length <= ServersMax ? [.. parts.Select(part => Parse(part, option))]
            : throw Wrong(option, $"{parts.Length} addresses are too many, {ServersMax} at most");
    }

    static SearchServer Parse(string text, string option)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.Query.Length + uri.Fragment.Length > 0)
            throw Wrong(option, "this is no address of a Solr");
        var path = uri.AbsolutePath is "/" or "" ? "/solr/" : uri.AbsolutePath.TrimEnd('/') + "/";
        var address = new UriBuilder(uri.Scheme, uri.Host, uri.Port, path).Uri;
        return new SearchServer(address, uri.UserInfo.Length == 0 ? null : new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)))));
    }

    static PinfoldException Wrong(string option, string what) => new(
        ErrorKind.Invalid, $"{option}: {what}. One looks like http://10.0.3.1:8983/solr; several have commas between "
        + "them.");
}
