namespace Pinfold.Sharding;

/// <summary>Names of types and mappings: checked once when declared, so that messages need not quote them.</summary>
static class Identifiers
{
    const int LengthMax = 40;

    public static string Checked(string name, string what)
    {
        var right = name.Length is > 0 and <= LengthMax && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
        if (!right)
            throw PinfoldException.Invalid(
                $"\"{name}\" is not a name for {what}: lower case letters, digits and underscores, a letter first, " +
                    $"at most {LengthMax}.");
        return name;
    }
}
