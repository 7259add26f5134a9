using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Pinboard.Feeds;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;

namespace Pinfold.Cli.Feed;

/// <summary>
/// <c>pinfold feed show NAME</c>: a person's home feed as it is kept, and whether it is what the shards imply.
/// </summary>
static class FeedShowCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var limit = new Option<int>("--limit")
        {
            Description = "How many pins are listed at most.",
            DefaultValueFactory = _ => 50,
        };
        var json = OutputOption.Create();
        var command = new Command(
            "show", "Shows a person's home feed, and whether it is what the shards imply.") { name, limit, json };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var most = LimitOption.Checked(parsed.GetValue(limit));
            var user = await services.GetRequiredService<UserService>().GetAsync(parsed.GetValue(name)!, token);
            var feed = await services.GetRequiredService<FeedInspector>().InspectAsync(user.Id, token);
            var listed = await ListAsync(services.GetRequiredService<ShardedStore>(), feed, most, token);
            var shown = new ShownFeed(user.Body.Username, feed.IsKept, feed.Entries.Count, feed.Missing, feed.Excess,
                feed.Large.Count, listed);
            if (parsed.GetValue(json))
                OutputOption.WriteJson(shown, CliJson.Default.ShownFeed);
            else
                Write(shown);
            return feed.Missing + feed.Excess == 0 ? ExitCodes.Done : ExitCodes.Partly;
        }, cancellation));
        return command;
    }

    static async Task<IReadOnlyList<ShownFeedPin>> ListAsync(
        ShardedStore store, InspectedFeed feed, int most, CancellationToken cancellation)
    {
        var listed = new List<ShownFeedPin>();
        foreach (var part in feed.Entries.Take(most).Chunk(1000))
        {
            var together = store.FindTogether();
            var found = part.Select(entry => (Entry: entry, Pin: together.Find(entry.Pin),
                Author: together.Find(entry.Author), Board: together.Find(entry.Board))).ToList();
            await together.ExecuteAsync(cancellation);
            listed.AddRange(found.Select(f => new ShownFeedPin(
                f.Entry.Pin.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(f.Entry.Sequence),
                f.Author.Value?.Body.Username ?? "", f.Board.Value?.Body.Name ?? "", f.Pin.Value?.Body.Title ?? "")));
        }
        return listed;
    }

    static void Write(ShownFeed feed)
    {
        if (feed.Entries.Count > 0)
            OutputOption.WriteTable(["pin", "at", "author", "board", "title"], feed.Entries.Select(pin => (string[])
            [
                pin.Pin, pin.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), pin.Author, pin.Board,
                pin.Title,
            ]));
        Console.WriteLine(feed.IsKept
            ? $"{feed.Pins} pins are kept, {feed.Missing} are missing, {feed.Excess} should not be there."
            : $"No feed is kept here; {feed.Pins} pins would be in it.");
        if (feed.MergedIn > 0)
            Console.WriteLine($"The pins of {feed.MergedIn} with very many followers are merged in when it is read.");
    }
}
