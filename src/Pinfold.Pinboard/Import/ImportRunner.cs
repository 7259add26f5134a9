using Pinfold.Pinboard.Boards;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import.Formats;
using Pinfold.Pinboard.Pins;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Import;

/// <summary>
/// Turns the rows of an import into pins. It keeps no state of its own: every pin carries the key of its row, so that
/// an
/// import that was interrupted anywhere is simply run again, and the same source twice adds nothing.
/// </summary>
sealed class ImportRunner(
    ShardedStore store, BoardService boards, PinService pins, ImageFiles files, PinboardSettings settings)
{
    const int LinksPerTransaction = 100;
    const int RowsPerReport = 20;

    /// <summary>Few, because each is rendered within the handling of its transaction.</summary>
    const int PicturesPerTransaction = 20;

    /// <summary>Imports all rows. What was committed before an exception stays, and is found again next time.</summary>
    public async Task<ImportResult> RunAsync(
        ObjectId<User> owner, IAsyncEnumerable<ImportRow> rows, IProgress<ImportResult>? progress,
            CancellationToken cancellation)
    {
        var run = new Run(new BoardFinder(store, boards, owner), pins, files, settings, owner);
        try
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                await run.TakeAsync(row, cancellation);
                if (row.Position % RowsPerReport == 0)
                    progress?.Report(run.Tally);
            }
        }
        finally
        {
            // Rows that were read whole are not lost because a later one could not be read.
            if (!cancellation.IsCancellationRequested)
                await run.FlushAsync(cancellation);
            progress?.Report(run.Tally);
        }
        return run.Tally;
    }

    /// <summary>One import under way.</summary>
    sealed class Run(
        BoardFinder boards, PinService pins, ImageFiles files, PinboardSettings settings, ObjectId<User> owner)
    {
        readonly List<(ImportRow Row, NewPin Pin)> _ready = [];
        readonly List<RowProblem> _problems = [];
        ImportResult _result = ImportResult.Empty;

        public ImportResult Tally => _result with
        {
            Boards = boards.BoardsMade,
            Sections = boards.SectionsMade,
            Problems = [.. _problems],
        };

        public async Task TakeAsync(ImportRow row, CancellationToken cancellation)
        {
            try
            {
                switch (row.Kind)
                {
                    case RowKind.Folder:
                        _result = _result with { Folders = _result.Folders + 1 };
                        if (row.Board is not null && row.Problem is null)
                            await boards.GetAsync(row.Board, row.Section, cancellation);
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

        /// <summary>Makes pins of what was taken, as far as it is not there.</summary>
        public async Task FlushAsync(CancellationToken cancellation)
        {
            if (_ready.Count == 0)
                return;
            var there = await pins.FindImportedAsync(owner, [.. _ready.Select(r => r.Row.SourceKey)], cancellation);
            var missing = _ready.Where(r => there.Add(r.Row.SourceKey)).ToList();
            _result = _result with { Present = _result.Present + _ready.Count - missing.Count };
            _ready.Clear();
            if (missing.Count == 0)
                return;
            try
            {
                await pins.CreateManyAsync(owner, missing.ConvertAll(m => m.Pin), cancellation);
                _result = _result with { Added = _result.Added + missing.Count };
            }
            catch (PinfoldException e) when (IsOfTheRow(e))
            {
                foreach (var (row, pin) in missing)
                    await MakeAloneAsync(row, pin, cancellation);
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
                && (await pins.FindImportedAsync(owner, [row.SourceKey], cancellation)).Contains(row.SourceKey))
            {
                _result = _result with { Present = _result.Present + 1 };
                return;
            }
            var picture = await PictureAsync(row, cancellation);
            var (board, section) = await boards.GetAsync(row.Board ?? "Imported", row.Section, cancellation);
            _ready.Add((row, new NewPin(board)
            {
                Section = section,
                Title = row.Title,
                Description = row.Description,
                Link = row.Url,
                IsSecret = row.Secret,
                CreatedAt = row.AddedAt,
                Tags = row.Tags,
                Picture = picture,
                ImportKey = row.SourceKey,
            }));
            if (_ready.Count >= LinksPerTransaction
                || _ready.Count(r => r.Pin.Picture?.Hash is not null) >= PicturesPerTransaction)
                await FlushAsync(cancellation);
        }

        async Task<PinPicture?> PictureAsync(ImportRow row, CancellationToken cancellation)
        {
            if (row.Picture is FilePicture file)
            {
                await using var content = await file.OpenAsync(cancellation);
                return PinPicture.Received(await files.ReceiveAsync(content, cancellation));
            }
            var address = (row.Picture as RemotePicture)?.Address ?? row.Url;
            return settings.FetchFromWeb && address is not null ? PinPicture.ToFetch(address) : null;
        }

        async Task MakeAloneAsync(ImportRow row, NewPin pin, CancellationToken cancellation)
        {
            try
            {
                await pins.CreateAsync(owner, pin, cancellation);
                _result = _result with { Added = _result.Added + 1 };
            }
            catch (PinfoldException e) when (IsOfTheRow(e))
            {
                Refuse(row, e.Message);
            }
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

        static bool IsOfTheRow(PinfoldException e) => e.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded;
    }
}
