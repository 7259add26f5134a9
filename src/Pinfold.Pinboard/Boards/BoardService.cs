using System.Text;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>Makes, changes and removes boards and their sections.</summary>
sealed class BoardService(ShardedStore store, TimeProvider time)
{
    /// <summary>The most boards one person can have: few enough to be listed in one read.</summary>
    public const int BoardsMax = 500;

    /// <summary>The most sections one board can have.</summary>
    public const int SectionsMax = 200;

    // Of boards that are made at once each waits for those before it, one attempt for each.
    const int AttemptsMax = 50;
    const int PinsPerTransaction = 100;

    /// <summary>A person's boards, newest first: id, slug. One round trip.</summary>
    public async Task<IReadOnlyList<Entry<Board>>> ListAsync(ObjectId<User> owner, CancellationToken cancellation) =>
        (await store.PageAsync(UserHasBoards, owner, new PageRequest(BoardsMax), cancellation)).Items;

    /// <summary>The board of that slug if the viewer may see it, else null.</summary>
    public async Task<Stored<Board>?> FindAsync(
        Viewer viewer, ObjectId<User> owner, string slug, CancellationToken cancellation)
    {
        var entry = (await ListAsync(owner, cancellation)).LastOrDefault(e => SlugOf(e) == slug);
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
            : throw new PinfoldException(ErrorKind.NotFound, "There is no such board.");
    }

    /// <summary>Makes a board; two of one name get different slugs. Two round trips.</summary>
    public async Task<ObjectId<Board>> CreateAsync(
        ObjectId<User> owner, string? name, string? description, bool isSecret, CancellationToken cancellation)
    {
        var words = Text.Paragraph(description, Board.DescriptionLengthMax, "A description");
        var wanted = new Board(owner, CheckedName(name), "", words, isSecret, time.GetUtcNow());
        return (await CreateAsync(wanted, isReused: false, cancellation)).Id;
    }

    /// <summary>
    /// The board for a folder of an import: that of its name, else that which an import made for it and its owner has
    /// renamed; made if there is neither. Imports at once get the same one.
    /// </summary>
    public Task<(ObjectId<Board> Id, bool IsNew)> GetOrCreateAsync(
        ObjectId<User> owner, string folder, CancellationToken cancellation)
    {
        var name = CheckedName(folder);
        var wanted = new Board(owner, name, "", null, IsSecret: false, time.GetUtcNow(), ImportedAs: name);
        return CreateAsync(wanted, isReused: true, cancellation);
    }

    async Task<(ObjectId<Board> Id, bool IsNew)> CreateAsync(
        Board wanted, bool isReused, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The owner first: a board that is made after they were read makes the commit fail.
            var read = store.Read();
            var user = read.Find(wanted.Owner);
            var boards = read.Page(UserHasBoards, wanted.Owner, new PageRequest(BoardsMax));
            await read.ExecuteAsync(cancellation);
            if (user.Value is not { } person)
                throw new PinfoldException(ErrorKind.NotFound, "There is no such user.");
            if (isReused && await FindForAsync(wanted.Name, boards.Value.Items, cancellation) is { } there)
                return (there.Id, false);
            if (boards.Value.Items.Count == BoardsMax)
                throw new PinfoldException(
                    ErrorKind.LimitExceeded, $"A person has at most {BoardsMax} boards; delete one first.");

            var slug = FreeSlug(wanted.Name, boards.Value.Items);
            var transaction = store.Begin(wanted.Owner.Shard);
            // The version check on the owner keeps two boards that are made at once from taking one slug.
            transaction.Update(
                wanted.Owner, person.Body with { BoardsMade = person.Body.BoardsMade + 1 }, person.Version);
            var board = transaction.Create(wanted with { Slug = slug });
            transaction.Put(
                UserHasBoards, wanted.Owner, board, time.GetUtcNow().ToUnixTimeMilliseconds(),
                Encoding.UTF8.GetBytes(slug));
            ProfileKeys.Invalidate(transaction, person.Body);
            try
            {
                await transaction.CommitAsync(cancellation);
                return (board.Id, true);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Conflict && attempt < AttemptsMax)
            {
            }
        }
    }

    async Task<Stored<Board>?> FindForAsync(
        string folder, IReadOnlyList<Entry<Board>> entries, CancellationToken cancellation)
    {
        var boards = (await store.FindManyAsync([.. entries.Select(e => e.To)], cancellation))
            .OfType<Stored<Board>>().ToList();
        return boards.Find(b => b.Body.Name.Equals(folder, StringComparison.OrdinalIgnoreCase))
            ?? boards.Find(b => b.Body.ImportedAs?.Equals(folder, StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>Changes a board; its address stays, so links to it do not break.</summary>
    public async Task UpdateAsync(
        Viewer viewer, ObjectId<Board> id, string? name, string? description, bool isSecret,
            CancellationToken cancellation)
    {
        var board = await GetAsync(viewer, id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, board.Body.Owner);
        var changed = board.Body with
        {
            Name = CheckedName(name),
            Description = Text.Paragraph(description, Board.DescriptionLengthMax, "A description"),
            IsSecret = isSecret,
        };
        var transaction = store.Begin(id.Shard);
        transaction.Update(id, changed, board.Version);
        await InvalidateProfileAsync(transaction, board.Body.Owner, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Deletes a board and every pin on it, a hundred pins to a transaction; cut short, it can be done again.
    /// </summary>
    public async Task DeleteAsync(Viewer viewer, ObjectId<Board> id, PinService pins, CancellationToken cancellation)
    {
        var board = await GetAsync(viewer, id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, board.Body.Owner);
        while ((await store.PageAsync(BoardHasPins, id, new PageRequest(PinsPerTransaction), cancellation))
            .Items is { Count: > 0 } page)
            await pins.DeleteManyAsync(board.Body.Owner, [.. page.Select(e => e.To)], id, cancellation);
        var sections = await ListSectionsAsync(id, cancellation);
        var transaction = store.Begin(id.Shard);
        foreach (var section in sections)
        {
            transaction.Remove(BoardHasSections, id, section.Id);
            transaction.Delete(section.Id);
        }
        transaction.Delete(id);
        transaction.Remove(UserHasBoards, board.Body.Owner, id);
        await InvalidateProfileAsync(transaction, board.Body.Owner, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>A board's sections in the order in which they were made.</summary>
    public async Task<IReadOnlyList<Stored<Section>>> ListSectionsAsync(
        ObjectId<Board> board, CancellationToken cancellation)
    {
        var page =
            await store.PageAsync(
                BoardHasSections, board, new PageRequest(SectionsMax) { NewestFirst = false }, cancellation);
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
        for (var attempt = 1; ; attempt++)
        {
            // The board first: a section that is made after it was read makes the commit fail.
            var read = store.Read();
            var owning = read.Find(board);
            await read.ExecuteAsync(cancellation);
            if (owning.Value is not { } there)
                throw new PinfoldException(ErrorKind.NotFound, "There is no such board.");
            var sections = await ListSectionsAsync(board, cancellation);
            if ((sections.FirstOrDefault(s => s.Body.Name == line)
                ?? sections.FirstOrDefault(s => isImported && s.Body.ImportedAs == line)) is { } found)
                return (found.Id, false);
            if (sections.Count == SectionsMax)
                throw new PinfoldException(ErrorKind.LimitExceeded, $"A board has at most {SectionsMax} sections.");
            var now = time.GetUtcNow();
            var transaction = store.Begin(board.Shard);
            transaction.Update(board, there.Body, there.Version);
            var section = transaction.Create(new Section(board, line, now, isImported ? line : null));
            transaction.Put(BoardHasSections, board, section, now.ToUnixTimeMilliseconds());
            try
            {
                await transaction.CommitAsync(cancellation);
                return (section.Id, true);
            }
            catch (PinfoldException e)
                when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound && attempt < AttemptsMax)
            {
            }
        }
    }

    /// <summary>Gives a section another name.</summary>
    public async Task RenameSectionAsync(
        Viewer viewer, ObjectId<Section> id, string name, CancellationToken cancellation)
    {
        var section = await store.GetAsync(id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, (await GetAsync(viewer, section.Body.Board, cancellation)).Body.Owner);
        var line = Text.Line(name, Board.NameLengthMax, "A section's name");
        if (line == section.Body.Name)
            return;
        var transaction = store.Begin(id.Shard);
        transaction.Update(id, section.Body with { Name = line }, section.Version);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Removes a section; its pins stay on the board.</summary>
    public async Task DeleteSectionAsync(Viewer viewer, ObjectId<Section> id, CancellationToken cancellation)
    {
        var section = await store.GetAsync(id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, (await GetAsync(viewer, section.Body.Board, cancellation)).Body.Owner);
        while ((await store.PageAsync(SectionHasPins, id, new PageRequest(PinsPerTransaction), cancellation))
            .Items is { Count: > 0 } page)
        {
            var pins = await store.FindManyAsync([.. page.Select(e => e.To)], cancellation);
            var part = store.Begin(id.Shard);
            foreach (var entry in page)
                part.Remove(SectionHasPins, id, entry.To);
            foreach (var pin in pins)
                if (pin is not null && pin.Body.Section == id)
                    part.Update(pin.Id, pin.Body with { Section = default }, pin.Version);
            await part.CommitAsync(cancellation);
        }
        var transaction = store.Begin(id.Shard);
        transaction.Remove(BoardHasSections, section.Body.Board, id);
        transaction.Delete(id);
        await transaction.CommitAsync(cancellation);
    }

    public static string SlugOf(Entry<Board> entry) => Encoding.UTF8.GetString(entry.Body.Span);

    internal async Task InvalidateProfileAsync(
        Transaction transaction, ObjectId<User> owner, CancellationToken cancellation) =>
        ProfileKeys.Invalidate(transaction, (await store.GetAsync(owner, cancellation)).Body);

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
            : Enumerable.Range(2, BoardsMax + 1).Select(n => $"{slug}-{n}").First(s => !taken.Contains(s));
    }
}
