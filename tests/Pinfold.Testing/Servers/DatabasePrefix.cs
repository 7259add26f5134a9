using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pinfold.Testing.Servers;

/// <summary>
/// What the databases of an installation begin with. One for each, so that tests share servers and none sees, or has to
/// clear away, what another left there.
/// </summary>
public static class DatabasePrefix
{
    static readonly StrongBox<int> Last = new();

    /// <summary>One that nobody else in this process is given.</summary>
    public static string Next() =>
        string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref Last.Value)}_");
}
