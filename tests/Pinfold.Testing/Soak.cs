using System.Runtime.CompilerServices;

namespace Pinfold.Testing;

/// <summary>
/// How much of an exhaustive test is run: in a soak (PINFOLD_SOAK=1, as <c>./test --soak</c> sets it) every case, else
/// a sample that a printed seed draws.
/// </summary>
public static class Soak
{
    public const string Variable = "PINFOLD_SOAK";

    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) is "1";

    /// <summary>
    /// Cases in their order: all of them in a soak. Else the first, the last, all that are <paramref name="wanted"/>
    /// each time, and as many of the others as make up <paramref name="count"/>.
    /// </summary>
    /// <param name="print">Where the seed is said; null for the console.</param>
    public static IReadOnlyList<T> Sample<T>(
        IReadOnlyList<T> all, int count, Func<T, bool>? wanted = null, Action<string>? print = null,
        [CallerMemberName] string test = "") =>
        IsOn || all.Count <= count ? all : Draw(all, count, wanted, Seed.Take(print, test).NewRandom());

    /// <summary>How often a randomized test draws: fewer times, or those of a soak.</summary>
    public static int Times(int usually, int soaking) => IsOn ? soaking : usually;

    internal static IReadOnlyList<T> Draw<T>(IReadOnlyList<T> all, int count, Func<T, bool>? wanted, Random random)
    {
        var taken = Enumerable.Range(0, all.Count)
            .Where(i => i == 0 || i == all.Count - 1 || wanted?.Invoke(all[i]) == true).ToHashSet();
        var others = Enumerable.Range(0, all.Count).Where(i => !taken.Contains(i)).ToArray();
        random.Shuffle(others);
        taken.UnionWith(others.Take(count - taken.Count));
        return [.. taken.Order().Select(i => all[i])];
    }
}
