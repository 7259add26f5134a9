using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Sharding;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>Makes requests of all routes, with ids, words and cursors that mean something here and with
/// others.</summary>
sealed partial class RandomRequests(RouteBook book, Keeper keeper, Random random)
{
    static readonly string[] Widths = ["236", "474", "736", "1200", "0", "x"];
    readonly List<string> _cursors = [];

    /// <summary>What is public now and secret later is not asked to be saved: the copy would say its words.</summary>
    bool _changes;

    /// <summary>What a parameter of a path may be; a route with another one is not known here.</summary>
    static readonly string[] KnownParameters = ["id", "pin", "width", "file", "username", "slug", "hash", "path",
        "name", "verb", "part"];

    /// <summary>Routes that it would not know how to ask.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<Route> routes) =>
        from route in routes
        where route.Parameters.Except(KnownParameters).Any()
            || !(route.Method is "GET" or "HEAD" or "POST")
        select route.ToString();

    public Asked Next()
    {
        var route = book.Routes[random.Next(book.Routes.Count)];
        // Now and then another method than what it is for.
        var method = random.Next(20) == 0 ? (random.Next(2) == 0 ? "POST" : "GET") : route.Method;
        _changes = method == "POST";
        var fields = route.Fields.Except(route.Parameters).Where(_ => random.Next(4) > 0).ToDictionary(f => f, Field);
        return Asked.Of(method, route, "", fields, Parameter);
    }

    /// <summary>Cursors of an answer are used later.</summary>
    public void Learn(Answer answer)
    {
        lock (_cursors)
            if (_cursors.Count < 200)
                _cursors.AddRange(Cursor().Matches(answer.Text).Select(m => m.Groups[1].Value));
    }

    string Parameter(string name) => name switch
    {
        "width" => Pick(Widths),
        "part" => Pick(["0", "1", "2", "x"]),
        "file" => $"{Pick([.. keeper.Secrets.Where(s => s.Length == 12), "0123456789ab"])}.webp",
        "username" or "name" => random.Next(8) == 0 ? Junk() : keeper.Name,
        "verb" => Pick(["disable", "enable", "make-administrator", "remove-administrator", Junk()]),
        "slug" => Pick([.. keeper.HiddenSlugs, .. keeper.Slugs, Junk()]),
        "hash" or "path" => Junk(),
        _ => AnyId(),
    };

    string Field(string name) => name switch
    {
        "cursor" => AnyCursor(),
        "q" or "username" => random.Next(3) == 0 ? Junk() : keeper.Name,
        "place" => random.Next(2) == 0 ? AnyId() : $"{AnyId()}/{AnyId()}",
        "board" or "section" or "sectionId" => random.Next(4) == 0 ? Pick(["new", "", Junk()]) : AnyId(),
        "url" => $"https://{Junk()}.example/",
        _ => Junk(),
    };

    string AnyId() => random.Next(6) switch
    {
        0 or 1 or 2 => $"{Pick(_changes ? keeper.HiddenNow : keeper.Hidden)}",
        3 => $"{Pick(keeper.Public)}",
        4 => $"{Never(Pick(keeper.Hidden))}",
        _ => Pick(["0", "-1", "abc", $"{long.MaxValue}", $"{new ObjectId(new ShardId(65_000), 1, 7)}"]),
    };

    /// <summary>An id of the same kind and shard that nothing has.</summary>
    ObjectId Never(ObjectId like) => new(like.Shard, like.Type, ObjectId.LocalMax - 1 - random.Next(1_000_000));

    string AnyCursor()
    {
        string[] known;
        lock (_cursors)
            known = [.. _cursors];
        var cursor = known.Length == 0 ? Junk() : Pick(known);
        return random.Next(5) switch
        {
            0 => Unsealed(Pick(keeper.Hidden)),
            1 when cursor.Length > 4 => cursor[..^random.Next(1, 4)],
            2 => string.Concat(cursor.AsSpan(0, cursor.Length / 2), "A", cursor.AsSpan((cursor.Length / 2) + 1)),
            _ => cursor,
        };
    }

    /// <summary>As the store has them: list, position and id, for anybody to read and to make.</summary>
    string Unsealed(ObjectId to)
    {
        var bytes = new byte[27];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)Pick(
            [PinboardModel.UserHasPins.Number, PinboardModel.UserHasPublicPins.Number]));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), keeper.Id.Value);
        bytes[10] = 1;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(11), long.MaxValue);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(19), to.Value);
        return Base64Url.EncodeToString(bytes);
    }

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    string Junk() => Pick(["x", "ünïcode", "%00", "a b", "<script>", "..", "no-such-word", new string('y', 300)]);

    [GeneratedRegex("[?&;]cursor=([A-Za-z0-9_-]+)")]
    private static partial Regex Cursor();
}
