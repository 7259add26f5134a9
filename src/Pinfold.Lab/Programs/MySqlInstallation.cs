using System.Diagnostics;
using Pinfold.Sharding;

namespace Pinfold.Lab.Programs;

/// <summary>
/// Where a MySQL is: the folder that <c>MYSQL_SERVER</c> names (an unpacked one with <c>bin/mysqld</c>, or one with
/// Oracle's archive, which is unpacked once), or a <c>mysqld</c> on the PATH that is not MariaDB.
/// </summary>
public sealed record MySqlInstallation(string Server, string? BaseFolder)
{
    public const string Variable = "MYSQL_SERVER";

    /// <summary>What an unpacked folder has, wherever it was unpacked.</summary>
    public IReadOnlyList<string> BaseArguments => BaseFolder is null ? [] : [$"--basedir={BaseFolder}"];

    /// <exception cref="PinfoldException">Unavailable: there is none; it says how to get one.</exception>
    public static async Task<MySqlInstallation> GetAsync(string? folder) =>
        await FindAsync(folder) ?? throw new PinfoldException(ErrorKind.Unavailable, WhyNotFound(folder));

    /// <summary>Null when there is one, or an archive of one; else what is missing, in a sentence.</summary>
    public static string? WhyNotAvailable(string? folder) =>
        folder is not null && (Unpacked(folder) is not null || Archive(folder) is not null) ? null
        : folder is null && OnPath() is not null ? null
        : WhyNotFound(folder);

    static async Task<MySqlInstallation?> FindAsync(string? folder)
    {
        if (folder is null)
            return OnPath();
        if (Unpacked(folder) is { } there)
            return there;
        return Archive(folder) is not { } archive ? null
            : Unpacked(await Template.GetAsync("mysql-server", $"{Path.GetFileName(archive)} "
                + $"{new FileInfo(archive).Length}", to => Executable.RunAsync("tar", ["xf", archive, "-C", to])));
    }

    /// <summary>The archive may have a folder in it, named for the version.</summary>
    static MySqlInstallation? Unpacked(string folder) =>
        Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Prepend(folder)
                .Where(root => File.Exists(Path.Combine(root, "bin", "mysqld")))
                .Select(root => Path.GetFullPath(root))
                .Select(root => new MySqlInstallation(Path.Combine(root, "bin", "mysqld"), root)).FirstOrDefault()
            : null;

    static string? Archive(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "mysql-*.tar.*").Order(StringComparer.Ordinal).FirstOrDefault() : null;

    static MySqlInstallation? OnPath() =>
        Executable.Find("mysqld") is { } server && !ReadVersion(server).Contains("MariaDB", StringComparison.Ordinal)
            ? new MySqlInstallation(server, null) : null;

    static string ReadVersion(string server)
    {
        var start = new ProcessStartInfo(server, "--version") { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd();
    }

    static string WhyNotFound(string? folder) => folder is null
        ? $"There is no MySQL 8 on this machine (Debian's mysqld is MariaDB): set {Variable} to a folder with Oracle's "
            + "archive, packed or unpacked."
        : $"{folder} has no MySQL 8: it should have bin/mysqld, or Oracle's archive mysql-*.tar.xz.";
}
