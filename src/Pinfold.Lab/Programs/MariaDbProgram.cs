namespace Pinfold.Lab.Programs;

/// <summary>MariaDB as Debian packages it (<c>mariadb-server</c>).</summary>
public sealed class MariaDbProgram(DatabaseServerOptions options) : DatabaseProgram(options)
{
    const string Package = "mariadb-server";

    public override string Name => "mariadb";

    public override async Task<string> TemplateAsync() =>
        await Template.GetAsync(Name, await Executable.RunAsync(Server, ["--version"]), MakeTemplateAsync);

    public override IReadOnlyList<string> Command(string folder, int port) =>
        [Server, "--no-defaults", .. Arguments(folder, port)];

    private protected override IEnumerable<string> GtidArguments(int domain) =>
    [
        $"--gtid-domain-id={domain}", "--gtid-strict-mode=ON", "--log-slave-updates=ON",
        $"--slave-net-timeout={SilenceSeconds}",
    ];

    static string Server => Executable.Get("mariadbd", Package);

    static async Task MakeTemplateAsync(string folder) => await Executable.RunAsync(
        Executable.Get("mariadb-install-db", Package),
        [
            "--no-defaults", $"--user={Environment.UserName}", $"--datadir={DataPath(folder)}",
            "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=64M",
        ]);
}
