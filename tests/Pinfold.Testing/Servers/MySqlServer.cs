namespace Pinfold.Testing.Servers;

/// <summary>
/// Oracle's MySQL 8: what MYSQL_SERVER names, the archive below PINFOLD_SHARED, or a <c>mysqld</c> on the PATH that is
/// not MariaDB.
/// </summary>
public sealed class MySqlServer : DatabaseServer
{
    static readonly Lazy<string?> Reason = new(FindReason);

    MySqlServer(MySqlInstallation installation, DatabaseServerOptions options)
        : base(new MySqlProgram(installation, options))
    {
    }

    /// <summary>Null when <see cref="StartAsync"/> can work here; else what is missing, in a sentence.</summary>
    public static string? WhyNotAvailable => Reason.Value;

    /// <summary>What MYSQL_SERVER should name for programs that tests run; null for what is on the PATH.</summary>
    public static string? InstallationFolder =>
        Environment.GetEnvironmentVariable(MySqlInstallation.Variable) is { Length: > 0 } folder ? folder
        : SharedData.Root is { } root && Directory.Exists(Path.Combine(root, "mysql")) ? Path.Combine(root, "mysql")
        : null;

    public static async Task<MySqlServer> StartAsync(DatabaseServerOptions? options = null)
    {
        var server = new MySqlServer(await MySqlInstallation.GetAsync(InstallationFolder), options ?? new());
        await server.StartAsNewAsync();
        return server;
    }

    static string? FindReason() => MySqlInstallation.WhyNotAvailable(InstallationFolder) is not { } reason ? null
        : $"{reason} (Or set {SharedData.Variable} to the folder that holds mysql/.)";
}
