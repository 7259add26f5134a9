using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pinfold.Testing;

/// <summary>
/// The seed of a randomized test: printed, so that a failure can be replayed with PINFOLD_SEED=number.
/// </summary>
public readonly record struct Seed(int Value)
{
    public const string Variable = "PINFOLD_SEED";

    /// <summary>Takes PINFOLD_SEED when set, else a new seed, and prints it with the name of the test.</summary>
    public static Seed Take(Action<string>? print = null, [CallerMemberName] string test = "")
    {
        var replayed = Environment.GetEnvironmentVariable(Variable);
        var seed = new Seed(Parse(replayed) ?? Random.Shared.Next());
        (print ?? Console.WriteLine)($"{test}: replay with {Variable}={seed.Value}");
        return seed;
    }

    /// <summary>A generator that gives the same numbers for the same seed and the same stream.</summary>
    public Random NewRandom(int stream = 0) => new(unchecked(Value + (stream * 7919)));

    static int? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidOperationException(
                $"{Variable} is '{text}', but must be a whole number from 0 to {int.MaxValue}.");
    }
}
