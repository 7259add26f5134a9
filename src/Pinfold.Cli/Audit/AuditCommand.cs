using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.Audit;

/// <summary><c>pinfold audit</c>: what was done to accounts, of one person or of all.</summary>
static class AuditCommand
{
    const int LimitUnlessSaid = 1_000;

    /// <summary>More people than this are asked one batch after the other, and the newest of all kept.</summary>
    const int PeopleAtOnce = 100;

    public static Command Create()
    {
        var installation = new InstallationOptions();
        var user = new Option<string?>("--user") { Description = "Of this person alone.", HelpName = "NAME" };
        var since = new Option<string?>("--since")
        {
            Description = "Only from then on: a date (2026-11-28), a time (2026-11-28T16:00, UTC), or how long ago "
                + "(12h, 7d).",
            HelpName = "TIME",
        };
        var limit = new Option<int>("--limit")
        {
            Description = "How many entries at most, the newest ones.",
            DefaultValueFactory = _ => LimitUnlessSaid,
            HelpName = "NUMBER",
        };
        var json = OutputOption.Create();
        var command = new Command("audit", "What was done with accounts, newest first: who signed in from where, "
            + "passwords, roles, invitations, deletions.")
        {
            user, since, limit, json,
        };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var most = LimitOption.Checked(parsed.GetValue(limit));
            var time = services.GetRequiredService<TimeProvider>();
            var from = SinceOption.Parse(parsed.GetValue(since), time.GetUtcNow());
            var acts = parsed.GetValue(user) is { } name
                ? await OfAsync(services, [await services.GetRequiredService<UserService>().GetAsync(name, token)],
                    from, most, token)
                : await OfAllAsync(services, from, most, token);
            if (parsed.GetValue(json))
                OutputOption.WriteJson([.. acts], CliJson.Default.AuditedActArray);
            else
                WriteTable(acts);
            return ExitCodes.Done;
        }, cancellation));
        return command;
    }

    static async Task<IReadOnlyList<AuditedAct>> OfAllAsync(
        IServiceProvider services, DateTimeOffset since, int limit, CancellationToken cancellation)
    {
        var newest = new List<AuditedAct>();
        await Progress.RunAsync("Asking the shards", null, async progress =>
        {
            var asked = 0;
            var people = services.GetRequiredService<PeopleReader>();
            await foreach (var users in people.UsersAsync(default, int.MaxValue, cancellation))
                foreach (var part in users.Chunk(PeopleAtOnce))
                {
                    newest.AddRange(await OfAsync(services, part, since, limit, cancellation));
                    // Sorted only now and then, so that many people do not cost the square of their number.
                    if (newest.Count >= 2 * limit)
                        newest = Newest(newest, limit);
                    progress.Report(asked += part.Length);
                }
        });
        return Newest(newest, limit);
    }

    static List<AuditedAct> Newest(IEnumerable<AuditedAct> acts, int limit) =>
        [.. acts.OrderByDescending(a => a.At).Take(limit)];

    static async Task<IReadOnlyList<AuditedAct>> OfAsync(
        IServiceProvider services, IReadOnlyList<Stored<Person>> users, DateTimeOffset since, int limit,
        CancellationToken cancellation)
    {
        var names = users.ToDictionary(u => u.Id, u => u.Body.Username);
        var acts = await services.GetRequiredService<AuditLog>().SinceAsync(
            [.. names.Keys], since, limit, cancellation);
        return
        [
            .. acts.Select(a => new AuditedAct(
                a.Act.At, names[a.User], JsonNamingPolicy.CamelCase.ConvertName($"{a.Act.Entry.Event}"),
                AuditWords.Of(a.Act.Entry), a.Act.Entry.By, a.Act.Entry.IsByOperator, a.Act.Entry.Address,
                a.Act.Entry.Device, a.Act.Entry.Subject, a.Act.Entry.Count)),
        ];
    }

    static void WriteTable(IEnumerable<AuditedAct> acts) => OutputOption.WriteTable(
        ["time (UTC)", "user", "what", "by", "from"], acts.Select(a => (string[])
        [
            a.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), a.User, a.Words,
            a.ByOperator ? "(operator)" : a.By ?? "",
            string.Join(", ", new[] { a.Device, a.Address }.Where(part => part.Length > 0)),
        ]));
}
