using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Person = Pinfold.Pinboard.User;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Secrets of one person, one for each question: nothing of it was asked before, so no cache of a new process has it.
/// </summary>
sealed class SpareSecrets
{
    const int Sets = 80;
    readonly Queue<ObjectId[]> _sets = [];
    readonly Queue<string> _slugs = [];

    /// <summary>What is public of them.</summary>
    public ObjectId PublicPin { get; private set; }

    public static async Task<SpareSecrets> MakeAsync(Site site, string name)
    {
        var secrets = new SpareSecrets();
        await secrets.MakeAsync(site, await site.AddUserAsync(name));
        return secrets;
    }

    /// <summary>
    /// A pin on a secret board, that board, a section of it, a secret pin on a public board that has no other, an
    /// import, a comment of a pin on another secret board.
    /// </summary>
    public IReadOnlyList<ObjectId> Next() => _sets.Dequeue();

    public string NextSlug() => _slugs.Dequeue();

    /// <summary>Of the same kind and shard, and as long; nothing has it.</summary>
    public static ObjectId Never(ObjectId like, int number) =>
        new(like.Shard, like.Type, like.Local + (number * 100_000));

    async Task MakeAsync(Site site, ObjectId<Person> owner)
    {
        var (boards, pins) = (site.Get<BoardService>(), site.Get<PinService>());
        var open = await boards.CreateAsync(owner, "Harbour", null, isSecret: false, default);
        await boards.GetOrCreateSectionAsync(open, "Quay", default);
        PublicPin = await pins.CreateAsync(owner, new NewPin(open) { Title = "Boat" }, default);
        for (var i = 0; i < Sets; i++)
        {
            var slug = $"hidden-{i:D3}";
            var board = await boards.CreateAsync(owner, slug, null, isSecret: true, default);
            _slugs.Enqueue(slug);
            _sets.Enqueue(
            [
                await pins.CreateAsync(owner, new NewPin(board) { Title = "Kept" }, default),
                board,
                await boards.GetOrCreateSectionAsync(board, "Part", default),
                await pins.CreateAsync(
                    owner,
                    new NewPin(await boards.CreateAsync(owner, $"open-{i:D3}", null, isSecret: false, default))
                    {
                        Title = "Kept",
                        IsSecret = true,
                    }, default),
                await site.Get<ImportService>().StartAsync(owner, "kept.html", "none", default),
                await site.Get<CommentService>().AddAsync(
                    new Viewer(owner),
                    await pins.CreateAsync(
                        owner,
                        new NewPin(await boards.CreateAsync(owner, $"talk-{i:D3}", null, isSecret: true, default)),
                        default), "Kept", default),
            ]);
        }
    }
}
