namespace Pinfold.Sharding;

/// <summary>Names that become part of SQL text: checked once when declared, so they need no quoting later.</summary>
static class Identifiers
{
    const int LengthMax = 40;

    /// <summary>Tables that every shard has for itself.</summary>
    static readonly HashSet<string> Taken = ["shard", "journal", "mapping_counts", "names", "followers", "parked"];

    public static string Checked(string name, string what)
    {
        var right = name.Length is > 0 and <= LengthMax && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
        if (!right)
            throw PinfoldException.Invalid(
                $"\"{name}\" is not a name for {what}: lower case letters, digits and underscores, a letter first, " +
                    $"at most {LengthMax}.");
        return Taken.Contains(name)
            ? throw PinfoldException.Invalid(
                $"\"{name}\" is a table that each shard has for itself; choose another name for {what}.")
            : name;
    }
}
