using System.Net.Http.Headers;

namespace Pinfold.Pinboard;

/// <summary>A server that keeps a search index.</summary>
/// <param name="Address">Without a name and a password, so that it may be shown; ends with a slash.</param>
/// <param name="Authorization">What it is told of who asks; null for nothing.</param>
sealed record SearchServer(Uri Address, AuthenticationHeaderValue? Authorization)
{
    /// <summary>As people know it; never with a password.</summary>
    public override string ToString() => Address.Authority;
}
