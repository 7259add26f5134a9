using Pinfold.Pinboard.Blocks;
using Pinfold.Pinboard.Comments;
using Pinfold.Pinboard.Likes;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Shouldly;

namespace Pinfold.Pinboard.Tests.Responses;

/// <summary>
/// What a few people do with the pins of one another, at random, and what should be so afterwards: plain sets, changed
/// as the words of each step say.
/// </summary>
sealed class ResponseSteps(TestPinboard pinboard, Random random, Func<Task> settleAsync)
{
    const int People = 6, PinsMax = 40;

    sealed record Place(ObjectId<Board> Id, TestUser Owner)
    {
        public bool IsSecret { get; set; }
    }

    sealed record OwnedPin(ObjectId<Pin> Id, Place Board, List<ObjectId<Pin>> Through)
    {
        public bool IsSecret { get; set; }

        public TestUser Owner => Board.Owner;

        public bool IsPublic => !IsSecret && !Board.IsSecret;
    }

    sealed record Said(ObjectId<Comment> Id, TestUser Author, OwnedPin Pin);

    readonly List<TestUser> _people = [];
    readonly List<Place> _boards = [];
    readonly List<OwnedPin> _pins = [];
    readonly List<Said> _comments = [];
    readonly HashSet<(ObjectId<User> From, ObjectId<User> To)> _blocks = [];
    int _made;

    public HashSet<(ObjectId<User> From, ObjectId<Pin> To)> Likes { get; } = [];

    /// <summary>By id, what each says now.</summary>
    public Dictionary<ObjectId<Comment>, string> Texts { get; } = [];

    public IEnumerable<(ObjectId<Comment> From, ObjectId<Pin> To)> OnPins => _comments.Select(c => (c.Id, c.Pin.Id));

    public IEnumerable<(ObjectId<User> From, ObjectId<Comment> To)> OfAuthors =>
        _comments.Select(c => (c.Author.Id, c.Id));

    /// <summary>Of public pins alone: to the one that was saved, and the first of all.</summary>
    public IEnumerable<(ObjectId<Pin> From, ObjectId<Pin> To)> SavedFrom => _pins
        .Where(p => p.IsPublic && p.Through.Count > 0)
        .SelectMany(p => new[] { p.Through[0], p.Through[^1] }.Distinct().Select(from => (p.Id, from)));

    public async Task BeginAsync()
    {
        while (_people.Count < People)
            await AddPersonAsync();
    }

    public async Task<string> StepAsync()
    {
        var (me, pin) = (Any(_people), Any(_pins));
        var comment = _comments.Count == 0 ? null : Any(_comments);
        switch (random.Next(100))
        {
            case < 24:
                await LikeAsync(me, pin);
                return $"{me.Name} likes {pin.Id}";
            case < 34:
                if (await TryAsync(
                    () => pinboard.Get<LikeService>().UnlikeAsync(me.Viewer, pin.Id, default), Sees(me, pin)))
                    Likes.Remove((me.Id, pin.Id));
                return $"{me.Name} unlikes {pin.Id}";
            case < 50:
                await CommentAsync(me, pin);
                return $"{me.Name} comments on {pin.Id}";
            case < 56 when comment is not null:
                await EditAsync(random.Next(3) == 0 ? me : comment.Author, comment);
                return $"{comment.Id} is edited";
            case < 64 when comment is not null:
                await DeleteAsync(random.Next(3) == 0 ? me : comment.Pin.Owner, comment);
                return $"{comment.Id} is deleted";
            case < 68 when comment is not null:
                await EditAndDeleteAsync(comment);
                return $"{comment.Id} is edited and deleted at once";
            case < 80:
                await SaveAsync(me, pin);
                return $"{me.Name} saves {pin.Id}";
            case < 86:
                await pinboard.Pins.DeleteAsync(pin.Owner.Viewer, pin.Id, default);
                End(pin);
                await AddPinAsync(Any(_boards));
                return $"{pin.Id} is deleted";
            case < 91:
                await TurnAsync(pin);
                return $"{pin.Id} is {(pin.IsSecret ? "secret" : "public")}";
            case < 94:
                await TurnAsync(pin.Board);
                return $"{pin.Board.Id} is {(pin.Board.IsSecret ? "secret" : "public")}";
            case < 97:
                await BlockOrUnblockAsync(me, pin.Owner);
                return $"{me.Name} blocks or unblocks {pin.Owner.Name}";
            default:
                await DeleteAsync(me);
                return $"{me.Name} is deleted";
        }
    }

    async Task LikeAsync(TestUser me, OwnedPin pin)
    {
        if (await TryAsync(
            () => pinboard.Get<LikeService>().LikeAsync(me.Viewer, pin.Id, default),
            me != pin.Owner && MayRespond(me, pin), me, pin.Owner))
            Likes.Add((me.Id, pin.Id));
    }

    async Task CommentAsync(TestUser me, OwnedPin pin)
    {
        var (id, text) = (default(ObjectId<Comment>), $"words {random.Next()}");
        if (!await TryAsync(
            async () => id = await pinboard.Get<CommentService>().AddAsync(me.Viewer, pin.Id, text, default),
            MayRespond(me, pin), me, pin.Owner))
            return;
        _comments.Add(new Said(id, me, pin));
        Texts[id] = text;
    }

    async Task EditAsync(TestUser me, Said comment)
    {
        var text = $"other words {random.Next()}";
        if (await TryAsync(
            () => pinboard.Get<CommentService>().EditAsync(me.Viewer, comment.Id, text, default),
            me == comment.Author && MayRespond(me, comment.Pin), me, comment.Pin.Owner))
            Texts[comment.Id] = text;
    }

    async Task DeleteAsync(TestUser me, Said comment)
    {
        if (await TryAsync(
            () => pinboard.Get<CommentService>().DeleteAsync(me.Viewer, comment.Id, default),
            Sees(me, comment.Pin) && (me == comment.Author || me == comment.Pin.Owner)))
            End(comment);
    }

    /// <summary>Whatever becomes of the edit, the deletion is final.</summary>
    async Task EditAndDeleteAsync(Said comment)
    {
        var service = pinboard.Get<CommentService>();
        var edit = TryAsync(
            () => service.EditAsync(comment.Author.Viewer, comment.Id, $"late words {random.Next()}", default), null);
        await service.DeleteAsync(comment.Pin.Owner.Viewer, comment.Id, default);
        await edit;
        End(comment);
    }

    async Task SaveAsync(TestUser me, OwnedPin pin)
    {
        var board = Any(_boards.Where(b => b.Owner == me).ToList());
        var id = default(ObjectId<Pin>);
        if (!await TryAsync(
            async () => id = await pinboard.Pins.SaveAsync(me.Viewer, pin.Id, board.Id, default),
            MayRespond(me, pin), me, pin.Owner))
            return;
        _pins.Add(new OwnedPin(id, board, me == pin.Owner ? pin.Through : [.. pin.Through, pin.Id]));
        if (_pins.Count <= PinsMax)
            return;
        var first = _pins[0];
        await pinboard.Pins.DeleteAsync(first.Owner.Viewer, first.Id, default);
        End(first);
    }

    async Task TurnAsync(OwnedPin pin)
    {
        pin.IsSecret = !pin.IsSecret;
        await pinboard.Pins.UpdateAsync(
            pin.Owner.Viewer, pin.Id, "Pin", null, null, pin.IsSecret, pin.Board.Id, default, default);
    }

    async Task TurnAsync(Place board)
    {
        board.IsSecret = !board.IsSecret;
        await pinboard.Boards.UpdateAsync(board.Owner.Viewer, board.Id, "Board", null, board.IsSecret, default);
    }

    async Task BlockOrUnblockAsync(TestUser me, TestUser other)
    {
        if (me == other)
            return;
        var blocks = pinboard.Get<BlockService>();
        if (_blocks.Add((me.Id, other.Id)))
        {
            await blocks.BlockAsync(me.Viewer, other.Id, default);
            return;
        }
        await settleAsync();
        await blocks.UnblockAsync(me.Viewer, other.Id, default);
        await settleAsync();
        _blocks.Remove((me.Id, other.Id));
    }

    async Task DeleteAsync(TestUser gone)
    {
        foreach (var board in _boards.Where(b => b.Owner == gone).ToList())
        {
            await pinboard.Boards.DeleteAsync(gone.Viewer, board.Id, default);
            _pins.Where(p => p.Board == board).ToList().ForEach(End);
            _boards.Remove(board);
        }
        var transaction = pinboard.Store.Begin(gone.Id.Shard);
        transaction.Delete(gone.Id);
        await transaction.CommitAsync();
        _people.Remove(gone);
        Likes.RemoveWhere(l => l.From == gone.Id);
        _comments.Where(c => c.Author == gone).ToList().ForEach(End);
        await AddPersonAsync();
    }

    void End(OwnedPin pin)
    {
        _pins.Remove(pin);
        Likes.RemoveWhere(l => l.To == pin.Id);
        _comments.Where(c => c.Pin == pin).ToList().ForEach(End);
    }

    void End(Said comment)
    {
        _comments.Remove(comment);
        Texts.Remove(comment.Id);
    }

    async Task AddPersonAsync()
    {
        var person = await pinboard.AddUserAsync($"said-{_made++}");
        _people.Add(person);
        foreach (var isSecret in new[] { false, true })
        {
            var board = new Place(await pinboard.AddBoardAsync(person, "Board", isSecret), person)
            {
                IsSecret = isSecret,
            };
            _boards.Add(board);
            await AddPinAsync(board);
        }
        await AddPinAsync(_boards[^2]);
    }

    async Task AddPinAsync(Place board) =>
        _pins.Add(new OwnedPin(await pinboard.AddPinAsync(board.Owner, board.Id, "Pin"), board, []));

    static bool Sees(TestUser me, OwnedPin pin) => me == pin.Owner || pin.IsPublic;

    bool MayRespond(TestUser me, OwnedPin pin) => Sees(me, pin) && !_blocks.Contains((me.Id, pin.Owner.Id))
        && !_blocks.Contains((pin.Owner.Id, me.Id));

    /// <summary>Where the other's block may not have been heard of yet, either will do, and stands.</summary>
    async Task<bool> TryAsync(Func<Task> act, bool isAllowed, TestUser me, TestUser other)
    {
        var isDone = await TryAsync(act, null);
        if (!_blocks.Contains((other.Id, me.Id)))
            isDone.ShouldBe(isAllowed);
        return isDone;
    }

    static async Task<bool> TryAsync(Func<Task> act, bool? isAllowed)
    {
        bool isDone;
        try
        {
            await act();
            isDone = true;
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Forbidden or ErrorKind.NotFound)
        {
            isDone = false;
        }
        if (isAllowed is { } allowed)
            isDone.ShouldBe(allowed);
        return isDone;
    }

    T Any<T>(List<T> of) => of[random.Next(of.Count)];
}
