namespace Pinfold.Lab.Programs;

/// <summary>Oracle's MySQL 8, which Debian does not package.</summary>
public sealed class MySqlProgram(MySqlInstallation installation, DatabaseServerOptions options)
    : DatabaseProgram(options)
{
    public override string Name => "mysql";

    public override async Task<string> TemplateAsync() => await Template.GetAsync(
        Name, await Executable.RunAsync(installation.Server, ["--no-defaults", "--version"]), MakeTemplateAsync);

    public override IReadOnlyList<string> Command(string folder, int port) =>
    [
        installation.Server, "--no-defaults", .. installation.BaseArguments, "--mysqlx=OFF", "--secure-file-priv=NULL",
        .. Arguments(folder, port),
    ];

    private protected override IEnumerable<string> GtidArguments(int domain) =>
    [
        "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--log-replica-updates=ON",
        "--binlog-expire-logs-seconds=0", $"--replica-net-timeout={SilenceSeconds}",
    ];

    async Task MakeTemplateAsync(string folder)
    {
        await Executable.RunAsync(installation.Server,
        [
            "--no-defaults", .. installation.BaseArguments, $"--user={Environment.UserName}",
            $"--datadir={DataPath(folder)}", "--initialize-insecure",
        ]);
        // Each copy must make a server UUID of its own, or replication between two of them is refused.
        File.Delete(Path.Combine(DataPath(folder), "auto.cnf"));
    }
}
