using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>One import under way: makes pins of the rows that it is given, many to a transaction.</summary>
sealed class ImportRun(
    BoardFinder boards, ImportedPins pins, ImageFiles files, ObjectId<User> owner, bool fetches, ImportResult before)
{
    const int LinksPerTransaction = 100;

    /// <summary>
    /// Few, because each is rendered within the handling of its transaction, in turn with those of other people.
    /// </summary>
    const int PicturesPerTransaction = 4;

    /// <summary>How often a board may be deleted under one row's hands.</summary>
    const int PlacesMax = 5;

    readonly List<(ImportRow Row, NewPin Pin)> _ready = [];
    readonly List<RowProblem> _problems = [.. before.Problems];
    readonly (int Boards, int Sections) _before = (before.Boards, before.Sections);
    ImportResult _result = before;

    public ImportResult Tally => _result with
    {
        Boards = _before.Boards + boards.BoardsMade,
        Sections = _before.Sections + boards.SectionsMade,
        Problems = [.. _problems],
    };

    /// <summary>Takes a row; what it makes may wait for others.</summary>
    public async Task TakeAsync(ImportRow row, CancellationToken cancellation)
    {
        try
        {
            switch (row.Kind)
            {
                case RowKind.Folder:
                    _result = _result with { Folders = _result.Folders + 1 };
                    if (row.Board is not null && row.Problem is null)
                        await PlaceAsync(row, cancellation);
                    break;
                case RowKind.Pin:
                    _result = _result with { Rows = _result.Rows + 1 };
                    await TakePinAsync(row, cancellation);
                    break;
            }
            var note = row.Note ?? (row.Kind == RowKind.Remark ? row.Problem : null);
            if (note is not null)
                Say(row, note, isRefused: false);
        }
        catch (PinfoldException e) when (IsOfTheRow(e))
        {
            Refuse(row, e.Message);
        }
    }

    /// <summary>Makes pins of what was taken, as far as it is not there. Then every row taken has its result.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_ready.Count == 0)
            return;
        var batch = _ready.ToList();
        _ready.Clear();
        try
        {
            await MakeAsync(batch, cancellation);
        }
        catch (PinfoldException e) when (IsOfTheRow(e) || e is BudgetException)
        {
            foreach (var (row, pin) in batch)
                try
                {
                    await MakeAsync([(row, pin)], cancellation);
                }
                catch (PinfoldException alone) when (IsOfTheRow(alone))
                {
                    Refuse(row, alone.Message);
                }
        }
    }

    async Task TakePinAsync(ImportRow row, CancellationToken cancellation)
    {
        if (row.Problem is { } problem)
        {
            Refuse(row, problem);
            return;
        }
        if (row.Picture is FilePicture
            && (await pins.FindAsync(owner, [row.SourceKey], cancellation)).Contains(row.SourceKey))
        {
            _result = _result with { Present = _result.Present + 1 };
            return;
        }
        var picture = await PictureAsync(row, cancellation);
        var (board, section) = await PlaceAsync(row, cancellation);
        _ready.Add((row, new NewPin(board)
        {
            Section = section,
            Title = row.Title,
            Description = row.Description,
            Link = row.Url,
            IsSecret = row.Secret,
            CreatedAt = row.AddedAt,
            Order = row.Order,
            Tags = row.Tags,
            Picture = picture,
            ImportKey = row.SourceKey,
        }));
        if (_ready.Count >= LinksPerTransaction
            || _ready.Count(r => r.Pin.Picture?.Hash is not null) >= PicturesPerTransaction)
            await FlushAsync(cancellation);
    }

    async Task MakeAsync(List<(ImportRow Row, NewPin Pin)> batch, CancellationToken cancellation)
    {
        var wanted = batch.ConvertAll(r => r.Pin);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var made = await pins.CreateMissingAsync(owner, wanted, cancellation);
                _result = _result with
                {
                    Added = _result.Added + made.Count,
                    Present = _result.Present + batch.Count - made.Count,
                };
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound && attempt < PlacesMax)
            {
                // Their board was deleted meanwhile. What was on it is gone; for the rest it is made again.
                boards.Forget();
                for (var i = 0; i < batch.Count; i++)
                {
                    var (board, section) = await PlaceAsync(batch[i].Row, cancellation);
                    wanted[i] = wanted[i] with { Board = board, Section = section };
                }
            }
        }
    }

    async Task<(ObjectId<Board> Board, ObjectId<Section> Section)> PlaceAsync(
        ImportRow row, CancellationToken cancellation)
    {
        var name = row.Board ?? "Imported";
        var description = row.Kind == RowKind.Folder && row.Section is null ? row.Description : null;
        try
        {
            return await boards.GetAsync(name, row.Section, description, cancellation);
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            boards.Forget();
            return await boards.GetAsync(name, row.Section, description, cancellation);
        }
    }

    async Task<PinPicture?> PictureAsync(ImportRow row, CancellationToken cancellation)
    {
        if (row.Picture is FilePicture file)
        {
            await using var content = await file.OpenAsync(cancellation);
            return (await files.ReceiveAsync(content, cancellation)).ToPinPicture();
        }
        var address = (row.Picture as RemotePicture)?.Address ?? row.Url;
        return fetches && address is not null ? PinPicture.ToFetch(address) : null;
    }

    void Refuse(ImportRow row, string why)
    {
        if (row.Kind == RowKind.Pin)
            _result = _result with { Refused = _result.Refused + 1 };
        Say(row, why, isRefused: true);
    }

    void Say(ImportRow row, string why, bool isRefused)
    {
        if (_problems.Count < ImportResult.ProblemsMax)
            _problems.Add(new RowProblem(row.Position, row.Name, why, isRefused));
    }

    static bool IsOfTheRow(PinfoldException e) =>
        e is not BudgetException && e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded;
}
