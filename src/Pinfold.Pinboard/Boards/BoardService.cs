using System.Text;
using Pinfold.Pinboard.Access;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;
using Pinfold.Sharding.Store;
using static Pinfold.Pinboard.PinboardModel;

namespace Pinfold.Pinboard.Boards;

/// <summary>Makes, changes and removes boards and their sections.</summary>
sealed class BoardService(ShardedStore store, PinService pins, TimeProvider time)
{
    const int PinsPerTransaction = 100;

    /// <summary>A person's boards, newest first: id, slug. One round trip.</summary>
    public async Task<IReadOnlyList<Entry<Board>>> ListAsync(ObjectId<User> owner, CancellationToken cancellation) =>
        (await store.PageAsync(UserHasBoards, owner, new PageRequest(Board.OfOnePersonMax), cancellation)).Items;

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
            : throw NoSuchBoard();
    }

    /// <summary>A board of the viewer's own by id; anybody else's is forbidden.</summary>
    public async Task<Stored<Board>> GetOwnAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var board = await GetAsync(viewer, id, cancellation);
        Visibility.RefuseUnlessOwner(viewer, board.Body.Owner);
        return board;
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
            var boards = read.Page(UserHasBoards, wanted.Owner, new PageRequest(Board.OfOnePersonMax));
            await read.ExecuteAsync(cancellation);
            if (user.Value is not { } person)
                throw new PinfoldException(ErrorKind.NotFound, "There is no such user.");
            if (isReused && await FindForAsync(wanted.Name, boards.Value.Items, cancellation) is { } there)
                return (there.Id, false);
            if (boards.Value.Items.Count == Board.OfOnePersonMax)
                throw new PinfoldException(
                    ErrorKind.LimitExceeded, $"A person has at most {Board.OfOnePersonMax} boards; delete one first.");

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
            if (await transaction.TryCommitAsync(attempt, cancellation))
                return (board.Id, true);
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
        var owner = (await GetOwnAsync(viewer, id, cancellation)).Body.Owner;
        var line = CheckedName(name);
        var words = Text.Paragraph(description, Board.DescriptionLengthMax, "A description");
        for (var attempt = 1; ; attempt++)
        {
            var read = store.Read();
            var (board, user) = (read.Find(id), read.Find(owner));
            await read.ExecuteAsync(cancellation);
            var there = board.Value ?? throw NoSuchBoard();
            var transaction = store.Begin(id.Shard);
            transaction.Update(
                id, there.Body with { Name = line, Description = words, IsSecret = isSecret }, there.Version);
            ProfileKeys.Invalidate(transaction, user.Value!.Body);
            if (await transaction.TryCommitAsync(attempt, cancellation))
                return;
        }
    }

    /// <summary>
    /// Deletes a board and every pin on it, a hundred pins to a transaction; cut short, it can be done again.
    /// </summary>
    public async Task DeleteAsync(Viewer viewer, ObjectId<Board> id, CancellationToken cancellation)
    {
        var owner = (await GetOwnAsync(viewer, id, cancellation)).Body.Owner;
        for (var attempt = 1; ;)
        {
            // The board first: a pin or a section that is put on it after it was read makes the commit fail.
            var read = store.Read();
            var (board, user) = (read.Find(id), read.Find(owner));
            var pinsLeft = read.Page(BoardHasPins, id, new PageRequest(PinsPerTransaction));
            var sections = read.Page(BoardHasSections, id, new PageRequest(Board.SectionsMax));
            await read.ExecuteAsync(cancellation);
            if (board.Value is not { } there)
                return;
            if (pinsLeft.Value.Items is { Count: > 0 } page)
            {
                await pins.DeleteFromAsync(owner, id, [.. page.Select(e => e.To)], cancellation);
                continue;
            }
            var transaction = store.Begin(id.Shard);
            foreach (var section in sections.Value.Items.Select(e => e.To))
            {
                transaction.Remove(BoardHasSections, id, section);
                transaction.Delete(section);
            }
            transaction.Delete(id, there.Version);
            transaction.Remove(UserHasBoards, owner, id);
            ProfileKeys.Invalidate(transaction, user.Value!.Body);
            if (await transaction.TryCommitAsync(attempt++, cancellation))
                return;
        }
    }

    /// <summary>A board's sections in the order in which they were made.</summary>
    public async Task<IReadOnlyList<Stored<Section>>> ListSectionsAsync(
        ObjectId<Board> board, CancellationToken cancellation)
    {
        var page =
            await store.PageAsync(
                BoardHasSections, board, new PageRequest(Board.SectionsMax) { NewestFirst = false }, cancellation);
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
            var there = await store.FindUncachedAsync(board, cancellation) ?? throw NoSuchBoard();
            var sections = await ListSectionsAsync(board, cancellation);
            if ((sections.FirstOrDefault(s => s.Body.Name == line)
                ?? sections.FirstOrDefault(s => isImported && s.Body.ImportedAs == line)) is { } found)
                return (found.Id, false);
            if (sections.Count == Board.SectionsMax)
                throw new PinfoldException(
                    ErrorKind.LimitExceeded, $"A board has at most {Board.SectionsMax} sections.");
            var now = time.GetUtcNow();
            var transaction = store.Begin(board.Shard);
            transaction.Hold(there);
            var section = transaction.Create(new Section(board, line, now, isImported ? line : null));
            transaction.Put(BoardHasSections, board, section, now.ToUnixTimeMilliseconds());
            if (await transaction.TryCommitAsync(attempt, cancellation))
                return (section.Id, true);
        }
    }

    /// <summary>Gives a section another name.</summary>
    public async Task RenameSectionAsync(
        Viewer viewer, ObjectId<Section> id, string name, CancellationToken cancellation)
    {
        await RefuseUnlessOwnerAsync(viewer, id, cancellation);
        var line = Text.Line(name, Board.NameLengthMax, "A section's name");
        for (var attempt = 1; ; attempt++)
        {
            var there = await store.FindUncachedAsync(id, cancellation) ?? throw NoSuchSection();
            if (line == there.Body.Name)
                return;
            var transaction = store.Begin(id.Shard);
            transaction.Update(id, there.Body with { Name = line }, there.Version);
            if (await transaction.TryCommitAsync(attempt, cancellation))
                return;
        }
    }

    /// <summary>Removes a section; its pins stay on the board.</summary>
    public async Task DeleteSectionAsync(Viewer viewer, ObjectId<Section> id, CancellationToken cancellation)
    {
        await RefuseUnlessOwnerAsync(viewer, id, cancellation);
        for (var attempt = 1; ;)
        {
            // The section first: a pin that is put in it after it was read makes the commit fail.
            var read = store.Read();
            var (section, list) = (read.Find(id), read.Page(SectionHasPins, id, new PageRequest(PinsPerTransaction)));
            await read.ExecuteAsync(cancellation);
            if (section.Value is not { } there)
                return;
            var entries = list.Value.Items;
            var transaction = store.Begin(id.Shard);
            if (entries.Count > 0)
                await TakeOutAsync(transaction, id, entries, cancellation);
            else
            {
                transaction.Remove(BoardHasSections, there.Body.Board, id);
                transaction.Delete(id, there.Version);
            }
            if (!await transaction.TryCommitAsync(attempt, cancellation))
                attempt++;
            else if (entries.Count == 0)
                return;
        }
    }

    async Task TakeOutAsync(
        Transaction transaction, ObjectId<Section> section, IReadOnlyList<Entry<Pin>> entries,
        CancellationToken cancellation)
    {
        var read = store.Read();
        var inside = entries.Select(e => read.Find(e.To)).ToList();
        await read.ExecuteAsync(cancellation);
        foreach (var entry in entries)
            transaction.Remove(SectionHasPins, section, entry.To);
        foreach (var pin in inside.Select(p => p.Value).OfType<Stored<Pin>>())
            if (pin.Body.Section == section)
                transaction.Update(pin.Id, pin.Body with { Section = default }, pin.Version);
    }

    async Task RefuseUnlessOwnerAsync(Viewer viewer, ObjectId<Section> id, CancellationToken cancellation)
    {
        var section = await store.FindAsync(id, cancellation) ?? throw NoSuchSection();
        await GetOwnAsync(viewer, section.Body.Board, cancellation);
    }

    static PinfoldException NoSuchBoard() => new(ErrorKind.NotFound, "There is no such board.");

    static PinfoldException NoSuchSection() => new(ErrorKind.NotFound, "There is no such section.");

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
