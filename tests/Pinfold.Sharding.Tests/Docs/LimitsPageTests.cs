using System.Globalization;
using System.Text.RegularExpressions;
using Pinfold.Sharding.Commits;
using Pinfold.Sharding.Routing;
using Pinfold.Sharding.Tests.Style;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Docs;

/// <summary>Every value of docs/operating/limits.md is the one that its constant has in the code.</summary>
public sealed partial class LimitsPageTests
{
    [Fact]
    public void EveryLimitOnThePageIsTheOneInTheCode()
    {
        var page = Repository.Current.Files.Single(file => file.Path == "docs/operating/limits.md").Text;
        var rows = Row().Matches(page).ToList();

        rows.Count.ShouldBeGreaterThan(30);
        rows.Where(row => FindValue(row.Groups[2].Value, row.Groups[3].Value)
                != long.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture))
            .Select(row => row.Value).ShouldBeEmpty();
    }

    /// <summary>The value with which a type in src declares a member; null when there is none.</summary>
    static long? FindValue(string type, string member)
    {
        // What has no expression of its own: defaults that are set where an options record or a service is made.
        if (s_madeElsewhere.TryGetValue($"{type}.{member}", out var made))
        {
            var isThere = Repository.Current.CSharp.Any(file =>
                file.Path.StartsWith("src/", StringComparison.Ordinal)
                && file.Text.Contains(made.Source, StringComparison.Ordinal));
            return isThere ? made.Value : null;
        }
        var declaration = new Regex($@"\b(class|record|struct)\s+{type}\b");
        var value = new Regex($@"\b(int|long)\s+{member}\b[^=;(]*(?:get; init; \}})?\s*=\s*([^;]+);");
        return Repository.Current.CSharp
            .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && declaration.IsMatch(file.Code))
            .Select(file => value.Match(file.Code)).Where(match => match.Success)
            .Select(match => (long?)Evaluate(match.Groups[2].Value)).FirstOrDefault();
    }

    static readonly Dictionary<string, (string Source, long Value)> s_madeElsewhere = new()
    {
        ["ObjectId.TypeMax"] = ("(1 << TypeBits) - 1", 1023),
        ["ObjectId.LocalMax"] = ("(1L << LocalBits) - 1", 68719476735),
        ["StoreLimits.ObjectsPerReadMax"] = ("new(10_000, TimeSpan.FromSeconds(5))", 10_000),
    };

    /// <summary>A number, a product of numbers, or a number shifted.</summary>
    static long Evaluate(string expression)
    {
        var digits = expression.Replace("_", "", StringComparison.Ordinal).Replace("L", "", StringComparison.Ordinal);
        var shift = digits.Split("<<");
        var product = shift[0].Split('*').Aggregate(1L, (all, part) => all * Number(part));
        return shift.Length == 1 ? product : product << (int)Number(shift[1]);
    }

    static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| [^|]+ \| (\d+) \| `(\w+)\.(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
