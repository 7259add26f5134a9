namespace Pinfold.Sharding.Tests.Style;

/// <summary>A place that breaks a rule, and what would be right there.</summary>
sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}
