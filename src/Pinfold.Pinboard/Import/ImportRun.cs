using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Pictures;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Sharding.Following;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// One import under way: makes pins of the rows that it is given, many to a transaction. A picture is made before its
/// pin: what cannot be made is refused, and nothing of it stays.
/// </summary>
sealed class ImportRun(
    BoardFinder boards, ImportedPins pins, PictureMaker pictures, ObjectId<User> owner, bool fetches, ImportTally tally)
{
    const int LinksPerTransaction = 100;

    /// <summary>Few: so many are received while the first of them is made, and wait as files.</summary>
    const int PicturesPerTransaction = 4;

    /// <summary>How often a board may be deleted under one row's hands.</summary>
    const int PlacesMax = 5;

    readonly List<(ImportRow Row, Task<PinPicture?> Picture)> _ready = [];
    readonly (int Boards, int Sections) _before = (tally.Outcome.Boards, tally.Outcome.Sections);

    public ImportResult Tally => tally.Outcome with
    {
        Boards = _before.Boards + boards.BoardsMade,
        Sections = _before.Sections + boards.SectionsMade,
    };

    /// <summary>Takes a row; what it makes may wait for others.</summary>
    public async Task TakeAsync(ImportRow row, CancellationToken cancellation)
    {
        try
        {
            switch (row.Kind)
            {
                case RowKind.Folder:
                    tally.CountFolder();
                    if (row.Board is not null && row.Problem is null)
                        await PlaceAsync(row, cancellation);
                    break;
                case RowKind.Pin:
                    row = tally.CountRow(row);
                    await TakePinAsync(row, cancellation);
                    break;
            }
            var note = row.Note ?? (row.Kind == RowKind.Remark ? row.Problem : null);
            if (note is not null)
                tally.Note(row, note);
        }
        catch (PinfoldException e) when (IsOfTheRow(e))
        {
            tally.Refuse(row, e.Message);
        }
        if (_ready.Count == 0)
            tally.Settle();
    }

    /// <summary>Makes pins of what was taken, as far as it is not there. Then every row taken has its result.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        try
        {
            await MakeReadyAsync(cancellation);
        }
        finally
        {
            tally.Settle();
        }
    }

    async Task MakeReadyAsync(CancellationToken cancellation)
    {
        var taken = _ready.ToList();
        _ready.Clear();
        var batch = new List<(ImportRow Row, NewPin Pin)>();
        foreach (var (row, picture) in taken)
            try
            {
                batch.Add((row, await PinAsync(row, await picture, cancellation)));
            }
            catch (PinfoldException e) when (IsOfTheRow(e))
            {
                tally.Refuse(row, e.Message);
            }
        if (batch.Count == 0)
            return;
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
                    tally.Refuse(row, alone.Message);
                }
        }
    }

    async Task TakePinAsync(ImportRow row, CancellationToken cancellation)
    {
        if (row.Problem is { } problem)
        {
            tally.Refuse(row, problem);
            return;
        }
        if (row.Picture is FilePicture
            && (await pins.FindAsync(owner, [row.SourceKey], cancellation)).Contains(row.SourceKey))
        {
            tally.CountPresent();
            return;
        }
        _ready.Add((row, await BeginPictureAsync(row, cancellation)));
        if (_ready.Count >= LinksPerTransaction
            || _ready.Count(r => r.Row.Picture is FilePicture) >= PicturesPerTransaction)
            await FlushAsync(cancellation);
    }

    /// <summary>Receives the picture of a row, if it is a file; the task makes it.</summary>
    async Task<Task<PinPicture?>> BeginPictureAsync(ImportRow row, CancellationToken cancellation)
    {
        if (row.Picture is FilePicture file)
            return MakePictureAsync(await ReceiveAsync(file, cancellation), cancellation);
        var address = (row.Picture as RemotePicture)?.Address ?? row.Url;
        return Task.FromResult(fetches && address is not null ? PinPicture.ToFetch(address) : null);
    }

    async Task<IncomingImage> ReceiveAsync(FilePicture file, CancellationToken cancellation)
    {
        try
        {
            await using var content = await file.OpenAsync(cancellation);
            return await pictures.TakeInAsync(owner, content, cancellation);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new PinfoldException(ErrorKind.Invalid, $"It cannot be read: {e.Message}", e);
        }
    }

    async Task<PinPicture?> MakePictureAsync(IncomingImage image, CancellationToken cancellation)
    {
        using (image)
            return await pictures.MakeAsync(owner, image, FollowerPause.None, cancellation);
    }

    async Task<NewPin> PinAsync(ImportRow row, PinPicture? picture, CancellationToken cancellation)
    {
        var (board, section) = await PlaceAsync(row, cancellation);
        return new NewPin(board)
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
        };
    }

    async Task MakeAsync(List<(ImportRow Row, NewPin Pin)> batch, CancellationToken cancellation)
    {
        var wanted = batch.ConvertAll(r => r.Pin);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var made = await pins.CreateMissingAsync(owner, wanted, cancellation);
                foreach (var pin in wanted)
                    if (made.Remove(pin.ImportKey!))
                        tally.CountAdded(pin);
                    else
                        tally.CountPresent();
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

    static bool IsOfTheRow(PinfoldException e) =>
        e is not BudgetException && e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded;
}
