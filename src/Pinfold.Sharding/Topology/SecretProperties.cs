using Pinfold.Sharding.Topology.Reading;

namespace Pinfold.Sharding.Topology;

/// <summary>Reads where a password is kept, and paths, which start from the folder of the topology.</summary>
static class SecretProperties
{
    /// <summary>What is said where a password itself was written.</summary>
    public const string NotHere =
        "a password does not stand in the topology, which is copied and shown: put it into an environment "
        + "variable and name that by \"passwordEnv\", or into a file and name that by \"passwordFile\".";

    /// <summary>Where the password is that one of two properties names; null for none.</summary>
    public static PasswordSource? Password(
        SourceObject source, string baseFolder, string variableName = "passwordEnv", string fileName = "passwordFile")
    {
        var variable = source.Text(variableName, "the name of an environment variable", required: false);
        var file = source.Text(fileName, "the path of a file, relative to this file", required: false);
        if (source.Has(variableName) && source.Has(fileName))
            source.Refuse(fileName, $"both \"{variableName}\" and \"{fileName}\" are given: keep one.");
        if (variable is not null)
            return PasswordSource.FromEnvironment(variable);
        return file is not null && Absolute(source, fileName, file, baseFolder) is { } path
            ? PasswordSource.FromFile(path)
            : null;
    }

    /// <summary>Null, with a problem, for what is no path.</summary>
    public static string? Absolute(SourceObject source, string property, string path, string baseFolder)
    {
        if (!path.Contains('\0'))
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, baseFolder));
        source.Refuse(property, $"\"{property}\" has a zero character: it should be a path.");
        return null;
    }
}
