using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Tests.Running;
using Pinfold.Pinboard;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Somebody with public boards, and with secrets between and on them. All that is secret has words that are nowhere
/// else, and is known to the test.
/// </summary>
sealed class Keeper
{
    /// <summary>More than a page of them, on one board, the half in a section.</summary>
    const int PublicPins = 70;

    const int TurningBoards = 5;
    readonly Site _site;
    readonly Random _random;
    readonly HashSet<string> _secrets = [];
    readonly List<(ObjectId<Board> Id, string[] Secrets, List<ObjectId> Made)> _turning = [];

    Keeper(Site site, string name, ObjectId<Person> id, Random random) =>
        (_site, Name, Id, _random) = (site, name, id, random);

    public string Name { get; }

    public ObjectId<Person> Id { get; }

    /// <summary>Words, ids and hashes that nobody else may meet.</summary>
    public IReadOnlyCollection<string> Secrets => _secrets;

    /// <summary>What is public and named by an id, in the order in which it was made.</summary>
    public List<ObjectId> Public { get; } = [];

    /// <summary>What is secret and named by an id.</summary>
    public List<ObjectId> Hidden { get; } = [];

    /// <summary>Those of them that are secret already.</summary>
    public IReadOnlyList<ObjectId> HiddenNow =>
        [.. Hidden.Except(_turning.SelectMany(t => t.Made))];

    /// <summary>Slugs of secret boards.</summary>
    public List<string> HiddenSlugs { get; } = [];

    public List<string> Slugs { get; } = [];

    /// <summary>Where the owner is shown what is secret, so that caches are warm of it.</summary>
    public IEnumerable<string> OwnPages =>
    [
        "/", $"/{Name}", .. HiddenSlugs.Select(slug => $"/{Name}/{slug}"),
        .. Hidden.Where(id => id.Type == Pin.Type.Number).Take(5).Select(id => $"/pin/{id}"),
    ];

    /// <param name="site">Where.</param>
    /// <param name="name">A new account's.</param>
    /// <param name="seed">The same makes the same public things, whether there are secrets or not.</param>
    /// <param name="withSecrets">Else there is nothing but what is public.</param>
    public static async Task<Keeper> MakeAsync(Site site, string name, Random seed, bool withSecrets)
    {
        var keeper = new Keeper(site, name, await site.AddUserAsync(name), seed);
        await keeper.MakeAsync(withSecrets);
        return keeper;
    }

    BoardService Boards => _site.Get<BoardService>();

    async Task MakeAsync(bool withSecrets)
    {
        var harbour = await BoardAsync("Harbour", isSecret: false);
        var quay = await Boards.GetOrCreateSectionAsync(harbour, "Quay", default);
        Public.Add(quay);
        var picture = await PictureAsync(0);
        for (var i = 0; i < PublicPins; i++)
        {
            Public.Add(await PinAsync(new NewPin(harbour)
            {
                Title = $"Boat {i}",
                Section = i % 2 == 0 ? quay : default,
                CreatedAt = At(i * 3),
                Picture = i == PublicPins - 1 ? picture : null,
            }));
            if (!withSecrets)
                continue;
            var word = Word();
            Hidden.Add(await PinAsync(new NewPin(harbour)
            {
                Title = word,
                Description = Word(),
                Link = $"https://{Word()}.example/",
                Section = i % 2 == 0 ? quay : default,
                IsSecret = true,
                CreatedAt = At((i * 3) + 1),
                Picture = i % 20 == 0 ? picture : i % 20 == 1 ? await SecretPictureAsync(i) : null,
            }));
        }
        if (withSecrets)
            await MakeSecretsAsync();
        await _site.FollowAsync();
    }

    async Task MakeSecretsAsync()
    {
        for (var b = 0; b < 3; b++)
        {
            var name = Word();
            var board = await BoardAsync(name, isSecret: true);
            HiddenSlugs.Add(name);
            var section = await Boards.GetOrCreateSectionAsync(board, Word(), default);
            Hidden.Add(section);
            for (var i = 0; i < 40; i++)
                Hidden.Add(await PinAsync(new NewPin(board)
                {
                    Title = Word(),
                    Section = i % 2 == 0 ? section : default,
                    CreatedAt = At((i * 3) + 2),
                    Picture = i == 7 ? await SecretPictureAsync(100 + b) : null,
                }));
        }
        foreach (var pin in Hidden.Where(id => id.Type == Pin.Type.Number).Take(5).ToList())
            Hidden.Add(await CommentAsync(Pin.Type.Id(pin)));
        _secrets.UnionWith(Hidden.Select(id => id.ToString()));
        for (var t = 0; t < TurningBoards; t++)
            _turning.Add(await MakeTurningAsync());
        using var owner = await _site.SignedInAsync(Name);
        await ImportAsync(owner);
    }

    /// <summary>A public board whose words and ids become secrets when it turns.</summary>
    async Task<(ObjectId<Board>, string[], List<ObjectId>)> MakeTurningAsync()
    {
        var before = _secrets.ToHashSet();
        var (slug, made) = (Word(), new List<ObjectId>());
        var board = await Boards.CreateAsync(Id, slug, null, isSecret: false, default);
        made.Add(board);
        var section = await Boards.GetOrCreateSectionAsync(board, Word(), default);
        made.Add(section);
        for (var i = 0; i < 5; i++)
            made.Add(await PinAsync(new NewPin(board) { Title = Word(), Section = section, CreatedAt = At(1000 + i) }));
        made.Add(await CommentAsync(Pin.Type.Id(made[^1])));
        var secrets = _secrets.Except(before).Concat(made.Select(id => id.ToString())).ToArray();
        _secrets.ExceptWith(secrets);
        Hidden.AddRange(made);
        HiddenSlugs.Add(slug);
        return (board, secrets, made);
    }

    /// <summary>One more board turns secret; from now on nothing of it shows. False if there is none left.</summary>
    public async Task<bool> TurnOneAsync()
    {
        if (_turning.Count == 0)
            return false;
        var (board, secrets, _) = _turning[0];
        _turning.RemoveAt(0);
        var name = (await Boards.GetAsync(new(Id), board, default)).Body.Name;
        await Boards.UpdateAsync(new(Id), board, name, null, isSecret: true, default);
        _secrets.UnionWith(secrets);
        return true;
    }

    /// <summary>Private bookmarks on a public board, from a file with a name that nobody else is told.</summary>
    async Task ImportAsync(Browser owner)
    {
        var file = $"""
            <!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p>
            <DT><H3>Harbour</H3><DL><p>
            <DT><A HREF="https://{Word()}.example/" PRIVATE="1">{Word()}</A>
            </DL></DL>
            """;
        var answer = await owner.UploadAsync(
            "/import", new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(file)), $"{Word()}.html", []);
        var job = ObjectId.Parse(answer.Location!.Split('/')[^1]);
        Hidden.Add(job);
        _secrets.Add(job.ToString());
    }

    async Task<ObjectId<Board>> BoardAsync(string name, bool isSecret)
    {
        var board = await Boards.CreateAsync(Id, name, isSecret ? Word() : "About it", isSecret, default);
        (isSecret ? Hidden : Public).Add(board);
        if (!isSecret)
            Slugs.Add((await Boards.GetAsync(new(Id), board, default)).Body.Slug);
        return board;
    }

    Task<ObjectId<Pin>> PinAsync(NewPin pin) => _site.Get<PinService>().CreateAsync(Id, pin, default);

    async Task<ObjectId> CommentAsync(ObjectId<Pin> pin) =>
        await _site.Get<CommentService>().AddAsync(new(Id), pin, $"{Word()} https://{Word()}.example/", default);

    async Task<PinPicture> PictureAsync(int number)
    {
        using var png = new MemoryStream(TestPng.Solid(300 + number, 200, (byte)number, 90, 60));
        return await _site.Get<PictureMaker>().ReceiveAsync(Id, png, default);
    }

    /// <summary>One that only secret pins have.</summary>
    async Task<PinPicture> SecretPictureAsync(int number)
    {
        var picture = await PictureAsync(number + 1);
        _secrets.Add(picture.Hash![..12]);
        return picture;
    }

    string Word()
    {
        var word = "zq" + string.Concat(Enumerable.Range(0, 14).Select(_ => (char)('a' + _random.Next(26))));
        _secrets.Add(word);
        return word;
    }

    static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddDays(15_000).AddSeconds(second);
}
