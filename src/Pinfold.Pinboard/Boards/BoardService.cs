using System.Text;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Audit;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>Makes, changes and removes boards and their sections.</summary>
sealed class BoardService(ShardedStore store, PinService pins, AuditLog audit, TimeProvider time)
{
    const int PinsPerTransaction = 960 / PinLists.RemovalChangesMax;

    static readonly PageRequest AllSections = new(Board.SectionsMax) { NewestFirst = false };

    /// <summary>A person's boards, newest first: id, slug. One round trip.</summary>
    public async Task<IReadOnlyList<Entry<Board>>> ListAsync(ObjectId<User> owner, CancellationToken cancellation) =>
        (await store.PageAsync(UserHasBoards, owner, new PageRequest(Board.OfOnePersonMax), cancellation)).Items;

    /// <summary>
    /// A person's boards with their sections, for them to choose from: the one they used last first, the rest newest
    /// first. Two round trips, and those for what is not cached.
    /// </summary>
    public async Task<IReadOnlyList<ChoosableBoard>> ListToChooseAsync(
        ObjectId<User> owner, CancellationToken cancellation)
    {
        var lists = store.Read();
        var all = lists.Page(UserHasBoards, owner, new PageRequest(Board.OfOnePersonMax));
        var used = lists.Page(UserUsedBoards, owner, new PageRequest(Board.OfOnePersonMax));
        await lists.ExecuteAsync(cancellation);
        var ids = used.Value.Items.Concat(all.Value.Items).Select(e => e.To).Distinct().ToList();
        var boards = (await store.FindManyAsync(ids, cancellation)).OfType<Stored<Board>>().ToList();

        var parts = store.Read();
        var entries = boards.ConvertAll(board => parts.Page(BoardHasSections, board.Id, AllSections));
        if (boards.Count > 0)
            await parts.ExecuteAsync(cancellation);
        var sections = (await store.FindManyAsync(
            [.. entries.SelectMany(page => page.Value.Items).Select(e => e.To)], cancellation))
            .OfType<Stored<Section>>().ToLookup(section => section.Body.Board);
        return boards.ConvertAll(board => new ChoosableBoard(board, [.. sections[board.Id]]));
    }

    /// <summary>
    /// The board of that slug if the viewer may see it, else null. One round trip for the list that they may see, so
    /// that a secret one is as any word that is none, and one for the board unless it is cached.
    /// </summary>
    public async Task<Stored<Board>?> FindAsync(
        Viewer viewer, ObjectId<User> owner, string slug, CancellationToken cancellation)
    {
        var list = await store.PageAsync(
            viewer.Is(owner) ? UserHasBoards : UserHasPublicBoards, owner, new PageRequest(Board.OfOnePersonMax),
            cancellation);
        var entry = list.Items.LastOrDefault(e => SlugOf(e) == slug);
        if (entry.To.IsNone || await store.FindAsync(entry.To, cancellation) is not { } board)
            return null;
        return Visibility.CanSee(viewer, board.Body) ? board : null;
    }

    /// <summary>A board by id if the viewer may see it; what they may not see is not there.</summary>
    public async Task<Stored<Board>> GetAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var board = await store.FindAsync(id, cancellation);
        return board is not null && Visibility.CanSee(viewer, board.Body)
            ? board
            : throw NotThere.Board();
    }

    /// <summary>A board of the viewer's own by id; anybody else's is forbidden.</summary>
    public async Task<Stored<Board>> GetOwnAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var board = await GetAsync(viewer, id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, board.Body.Owner);
        return board;
    }

    /// <summary>
    /// Makes a board; two of one name get different slugs. Two round trips, and one more where a public board takes the
    /// address of a secret one.
    /// </summary>
    public async Task<ObjectId<Board>> CreateAsync(
        ObjectId<User> owner, string? name, string? description, bool isSecret, CancellationToken cancellation)
    {
        var words = Text.Paragraph(description, Board.DescriptionLengthMax, "A description");
        var wanted = new Board(owner, CheckedName(name), "", words, isSecret, time.GetUtcNow());
        return (await CreateAsync(wanted, isReused: false, cancellation)).Id;
    }

    /// <summary>
    /// The board for a folder of an import: that of its name, else that which an import made for it and its owner has
    /// renamed; made if there is neither, with that description. Imports at once get the same one.
    /// </summary>
    public Task<(ObjectId<Board> Id, bool IsNew)> GetOrCreateAsync(
        ObjectId<User> owner, string folder, string? description, CancellationToken cancellation)
    {
        var name = CheckedName(folder);
        var words = Text.Paragraph(description, Board.DescriptionLengthMax, "A description");
        var wanted = new Board(owner, name, "", words, IsSecret: false, time.GetUtcNow(), ImportedAs: name);
        return CreateAsync(wanted, isReused: true, cancellation);
    }

    async Task<(ObjectId<Board> Id, bool IsNew)> CreateAsync(
        Board wanted, bool isReused, CancellationToken cancellation)
    {
        var (made, isNew) = await store.WriteAsync<(ObjectRef<Board>, bool)>(
            wanted.Owner.Shard, async (transaction, token) =>
            {
                var read = store.Read();
                var user = read.Find(wanted.Owner);
                var boards = read.Page(UserHasBoards, wanted.Owner, new PageRequest(Board.OfOnePersonMax));
                var shown = read.Page(UserHasPublicBoards, wanted.Owner, new PageRequest(Board.OfOnePersonMax));
                await read.ExecuteAsync(token);
                if (user.Value is not { } person)
                    throw new PinfoldException(ErrorKind.NotFound, "There is no such user.");
                if (isReused && await FindForAsync(wanted.Name, boards.Value.Items, token) is { } there)
                    return (there.Id, false);
                if (boards.Value.Items.Count == Board.OfOnePersonMax)
                    throw new PinfoldException(
                        ErrorKind.LimitExceeded,
                        $"A person has at most {Board.OfOnePersonMax} boards; delete one first.");
                var slug = wanted.IsSecret
                    ? FreeSlug(wanted.Name, boards.Value.Items)
                    : await TakeSlugAsync(transaction, wanted, boards.Value.Items, shown.Value.Items, token);
                return (Add(transaction, wanted with { Slug = slug }, person), true);
            }, cancellation);
        return (made.Id, isNew);
    }

    /// <summary>
    /// A slug for a public board that does not tell of secret ones: one of these that has it gets another, for nobody
    /// but its owner has links to it.
    /// </summary>
    async Task<string> TakeSlugAsync(
        Transaction transaction, Board wanted, IReadOnlyList<Entry<Board>> boards, IReadOnlyList<Entry<Board>> shown,
        CancellationToken cancellation)
    {
        var slug = FreeSlug(wanted.Name, shown);
        if (boards.FirstOrDefault(e => SlugOf(e) == slug) is not { To.IsNone: false } entry)
            return slug;
        if (await store.FindUncachedAsync(entry.To, cancellation) is not { Body.IsSecret: true } there)
            return FreeSlug(wanted.Name, boards);
        var other = FreeSlug(there.Body.Name, boards);
        transaction.Update(there with { Body = there.Body with { Slug = other } });
        transaction.Put(UserHasBoards, wanted.Owner, entry.To, entry.Sequence, Encoding.UTF8.GetBytes(other));
        return slug;
    }

    NewObject<Board> Add(Transaction transaction, Board board, Stored<User> owner)
    {
        // The version check on the owner keeps two boards that are made at once from taking one slug.
        transaction.Update(owner with { Body = owner.Body with { BoardsMade = owner.Body.BoardsMade + 1 } });
        var made = transaction.Create(board);
        transaction.Put(
            UserHasBoards, owner.Id, made, board.CreatedAt.ToUnixTimeMilliseconds(),
            Encoding.UTF8.GetBytes(board.Slug));
        BoardSecrecy.Note(transaction, made, board);
        PageInvalidation.OfProfile(transaction, owner.Body);
        return made;
    }

    async Task<Stored<Board>?> FindForAsync(
        string folder, IReadOnlyList<Entry<Board>> entries, CancellationToken cancellation)
    {
        var boards = (await store.FindManyAsync([.. entries.Select(e => e.To)], cancellation))
            .OfType<Stored<Board>>().ToList();
        return boards.Find(b => Text.IsSameName(b.Body.Name, folder))
            ?? boards.Find(b => b.Body.ImportedAs is { } imported && Text.IsSameName(imported, folder));
    }

    /// <summary>
    /// Changes a board; its address stays, so links to it do not break. One that turns secret is so at once for every
    /// reader, with all that is on it; <see cref="PublicListFollower"/> then takes its pins off its owner's public
    /// list, or puts them back.
    /// </summary>
    public async Task UpdateAsync(
        Viewer viewer, ObjectId<Board> id, string? name, string? description, bool isSecret,
            CancellationToken cancellation)
    {
        var owner = (await GetOwnAsync(viewer, id, cancellation)).Body.Owner;
        var line = CheckedName(name);
        var words = Text.Paragraph(description, Board.DescriptionLengthMax, "A description");
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var read = store.Read();
            var (found, user) = (read.Find(id), read.Find(owner));
            await read.ExecuteAsync(token);
            var board = found.Value ?? throw NotThere.Board();
            var changed = board.Body with { Name = line, Description = words, IsSecret = isSecret };
            transaction.Update(board with { Body = changed });
            if (isSecret != board.Body.IsSecret)
                BoardSecrecy.NoteTurned(transaction, id, changed);
            if (line != board.Body.Name)
                transaction.Say(PinEvents.BoardRenamed, id);
            PageInvalidation.OfProfile(transaction, user.Value!.Body);
        }, cancellation);
    }

    /// <summary>
    /// Deletes a board and every pin on it, a hundred pins to a transaction; cut short, it can be done again. The first
    /// of them has it logged.
    /// </summary>
    public async Task DeleteAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var owner = (await GetOwnAsync(viewer, id, cancellation)).Body.Owner;
        for (var isFirst = true; ; isFirst = false)
        {
            var left = await store.WriteAsync(id.Shard,
                (transaction, token) => DeleteEmptyAsync(transaction, id, owner, isFirst, token), cancellation);
            if (left.Count == 0)
                return;
            long? pinsToLog = isFirst ? await store.CountAsync(BoardHasPins, id, cancellation) : null;
            await pins.DeleteFromAsync(owner, id, [.. left.Select(e => e.To)], pinsToLog, cancellation);
        }
    }

    /// <summary>Deletes a board with its sections, unless there are pins on it: some of those.</summary>
    async Task<IReadOnlyList<Entry<Pin>>> DeleteEmptyAsync(
        Transaction transaction, ObjectId<Board> id, ObjectId<User> owner, bool isToLog,
        CancellationToken cancellation)
    {
        var read = store.Read();
        var (board, user) = (read.Find(id), read.Find(owner));
        var pinsLeft = read.Page(BoardHasPins, id, new PageRequest(PinsPerTransaction));
        var sections = read.Page(BoardHasSections, id, AllSections);
        await read.ExecuteAsync(cancellation);
        if (board.Value is not { } there || pinsLeft.Value.Items.Count > 0)
            return board.Value is null ? [] : pinsLeft.Value.Items;
        // A pin comes without changing its board, a section does not: that one fails on the board's version.
        transaction.RequireEmpty(BoardHasPins, id);
        transaction.Delete(there);
        transaction.Remove(UserHasBoards, owner, id);
        transaction.Remove(UserUsedBoards, owner, id);
        BoardSecrecy.Forget(transaction, id, owner);
        foreach (var section in sections.Value.Items.Select(e => e.To))
        {
            transaction.Remove(BoardHasSections, id, section);
            transaction.Delete(section);
        }
        PageInvalidation.OfProfile(transaction, user.Value!.Body);
        if (isToLog)
            await audit.AddAsync(transaction, owner, AuditEvent.BoardDeleted, $"{id}", cancellation: cancellation);
        return [];
    }

    /// <summary>A board's sections in the order in which they were made.</summary>
    public async Task<IReadOnlyList<Stored<Section>>> ListSectionsAsync(
        ObjectId<Board> board, CancellationToken cancellation)
    {
        var page = await store.PageAsync(BoardHasSections, board, AllSections, cancellation);
        var sections = await store.FindManyAsync([.. page.Items.Select(e => e.To)], cancellation);
        return [.. sections.OfType<Stored<Section>>()];
    }

    /// <summary>The section of that name on the board, made if there is none.</summary>
    public async Task<ObjectId<Section>> GetOrCreateSectionAsync(
        ObjectId<Board> board, string name, CancellationToken cancellation) =>
        (await GetOrCreateSectionAsync(board, name, isImported: false, cancellation)).Id;

    /// <summary>
    /// As above; for an import also the one that an import made for a folder of that name and its owner has renamed.
    /// </summary>
    public async Task<(ObjectId<Section> Id, bool IsNew)> GetOrCreateSectionAsync(
        ObjectId<Board> board, string name, bool isImported, CancellationToken cancellation)
    {
        var line = Text.Line(name, Board.NameLengthMax, "A section's name");
        var (section, isNew) = await store.WriteAsync<(ObjectRef<Section>, bool)>(
            board.Shard, async (transaction, token) =>
            {
                var read = store.Read();
                var (there, list) = (read.Find(board), read.Page(BoardHasSections, board, AllSections));
                await read.ExecuteAsync(token);
                var on = there.Value ?? throw NotThere.Board();
                var sections = (await store.FindManyUncachedAsync(list.Value.Items.Select(e => e.To), token))
                    .OfType<Stored<Section>>().ToList();
                if ((sections.Find(s => Text.Composed(s.Body.Name) == line)
                    ?? sections.Find(s => isImported && s.Body.ImportedAs == line)) is { } found)
                    return (found.Id, false);
                if (sections.Count == Board.SectionsMax)
                    throw new PinfoldException(
                        ErrorKind.LimitExceeded, $"A board has at most {Board.SectionsMax} sections.");
                var now = time.GetUtcNow();
                // Written as it was, the board keeps two that are made at once from taking one name.
                transaction.Update(on);
                var made = transaction.Create(new Section(board, line, now, isImported ? line : null));
                transaction.Put(BoardHasSections, board, made, now.ToUnixTimeMilliseconds());
                return (made, true);
            }, cancellation);
        return (section.Id, isNew);
    }

    /// <summary>Gives a section of a board of one's own another name.</summary>
    public async Task RenameSectionAsync(
        Viewer viewer, ObjectId<Section> id, string name, CancellationToken cancellation)
    {
        await RefuseUnlessOwnerAsync(viewer, id, cancellation);
        var line = Text.Line(name, Board.NameLengthMax, "A section's name");
        await store.WriteAsync(id.Shard, async (transaction, token) =>
        {
            var section = await store.FindUncachedAsync(id, token) ?? throw NotThere.Section();
            if (line != section.Body.Name)
                transaction.Update(section with { Body = section.Body with { Name = line } });
        }, cancellation);
    }

    /// <summary>Removes a section; its pins stay on the board.</summary>
    public async Task DeleteSectionAsync(Viewer viewer, ObjectId<Section> id, CancellationToken cancellation)
    {
        await RefuseUnlessOwnerAsync(viewer, id, cancellation);
        var isGone = false;
        while (!isGone)
            isGone = await store.WriteAsync(
                id.Shard, (transaction, token) => DeleteOrEmptyAsync(transaction, id, token), cancellation);
    }

    /// <summary>Deletes a section and gives true; or, if there are pins in it, takes some of them out.</summary>
    async Task<bool> DeleteOrEmptyAsync(
        Transaction transaction, ObjectId<Section> id, CancellationToken cancellation)
    {
        var read = store.Read();
        var (section, list) = (read.Find(id), read.Page(SectionHasPins, id, new PageRequest(PinsPerTransaction)));
        await read.ExecuteAsync(cancellation);
        if (section.Value is not { } there)
            return true;
        if (list.Value.Items is { Count: > 0 } entries)
        {
            await TakeOutAsync(transaction, id, [.. entries.Select(e => e.To)], cancellation);
            return false;
        }
        transaction.RequireEmpty(SectionHasPins, id);
        transaction.Delete(id);
        transaction.Remove(BoardHasSections, there.Body.Board, id);
        return true;
    }

    async Task TakeOutAsync(
        Transaction transaction, ObjectId<Section> section, IReadOnlyList<ObjectId<Pin>> inside,
        CancellationToken cancellation)
    {
        foreach (var id in inside)
            PinLists.RemoveFromSection(transaction, id, section);
        foreach (var pin in (await store.FindManyUncachedAsync(inside, cancellation)).OfType<Stored<Pin>>())
            if (pin.Body.Section == section)
                transaction.Update(pin with { Body = pin.Body with { Section = default } });
            else
                transaction.Require(pin);
    }

    async Task RefuseUnlessOwnerAsync(Viewer viewer, ObjectId<Section> id, CancellationToken cancellation)
    {
        var section = await store.FindAsync(id, cancellation);
        var board = await store.FindAsync(section?.Body.Board ?? Board.Beside(id), cancellation);
        if (section is null || board is null || !Visibility.CanSee(viewer, board.Body))
            throw NotThere.Section();
        Visibility.RefuseUnlessOwner(viewer, board.Body.Owner);
    }

    public static string SlugOf(Entry<Board> entry) => Encoding.UTF8.GetString(entry.Body.Span);

    static string CheckedName(string? name) =>
        Text.Line(name, Board.NameLengthMax, "A board's name") is { Length: > 0 } line
        ? line
        : throw new PinfoldException(
            ErrorKind.Invalid, $"A board needs a name of 1 to {Board.NameLengthMax} characters.");

    static string FreeSlug(string name, IReadOnlyList<Entry<Board>> boards)
    {
        var taken = boards.Select(SlugOf).ToHashSet();
        var slug = Text.Slug(name);
        return !taken.Contains(slug)
            ? slug
            : Enumerable.Range(2, Board.OfOnePersonMax + 1).Select(n => $"{slug}-{n}").First(s => !taken.Contains(s));
    }
}

/// <summary>A board with its sections, in the order in which they were made.</summary>
sealed record ChoosableBoard(Stored<Board> Board, IReadOnlyList<Stored<Section>> Sections);
