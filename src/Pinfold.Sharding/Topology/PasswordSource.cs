namespace Pinfold.Sharding.Topology;

/// <summary>Where a password is read from. The password is never in a topology, so never in its copies.</summary>
public sealed record PasswordSource
{
    const int PasswordBytesMax = 4096;

    PasswordSource(string? environmentVariable, string? file)
    {
        EnvironmentVariable = environmentVariable;
        File = file;
    }

    /// <summary>The environment variable that holds it; null when a file does.</summary>
    public string? EnvironmentVariable { get; }

    /// <summary>The absolute path of the file whose first line it is; null when a variable holds it.</summary>
    public string? File { get; }

    /// <summary>The password is the value of <paramref name="variable"/>.</summary>
    public static PasswordSource FromEnvironment(string variable) => new(variable, null);

    /// <summary>The password is the first line of the file at <paramref name="path"/>, at most 4,096 bytes.</summary>
    public static PasswordSource FromFile(string path) => new(null, Path.GetFullPath(path));

    /// <summary>Reads it now, so that a changed password is found by the next connection pool that is built.</summary>
    /// <exception cref="PinfoldException">Invalid: the variable is not set, or the file cannot be used.</exception>
    public async ValueTask<string> ReadAsync(CancellationToken cancellation)
    {
        if (EnvironmentVariable is not null)
            return Environment.GetEnvironmentVariable(EnvironmentVariable) ?? throw PinfoldException.Invalid(
                $"The environment variable {EnvironmentVariable} is not set: the topology reads a password from it.");
        try
        {
            if (new FileInfo(File!).Length > PasswordBytesMax)
                throw PinfoldException.Invalid(
                    $"{File} is larger than {PasswordBytesMax} bytes: a password file holds one line.");
            using var reader = new StreamReader(File!);
            return await reader.ReadLineAsync(cancellation).ConfigureAwait(false) ?? "";
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PinfoldException(ErrorKind.Invalid, $"The password file {File} cannot be read: {cause.Message}",
                cause);
        }
    }
}
