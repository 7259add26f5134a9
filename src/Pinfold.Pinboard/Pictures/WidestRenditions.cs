using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Images;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Pictures;

/// <summary>
/// Makes the widest rendition of pictures that were pinned before there was one, when somebody looks at such a picture
/// on a screen that would show it. Until it is made they see the next narrower.
/// </summary>
/// <remarks>
/// In their people's turns, like all rendering. What does not fit into the queue is asked for again by whoever looks
/// next, so nothing is kept of it.
/// </remarks>
sealed partial class WidestRenditions(
    ImageFiles files, ImageRenderer renderer, FairTurns turns, ILogger<WidestRenditions> log) : BackgroundService
{
    /// <summary>So many wait; more than a page has, and made within some minutes.</summary>
    const int WaitingMax = 500;

    readonly Channel<(ObjectId<User> Person, ContentHash Hash)> _wanted =
        Channel.CreateBounded<(ObjectId<User>, ContentHash)>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    readonly ConcurrentDictionary<ContentHash, bool> _waiting = [];

    /// <summary>Has it made, if it is wanted and not there; says whether it is not.</summary>
    public bool IsMissing(ObjectId<User> person, PinPicture picture, ContentHash hash)
    {
        if (RenditionWidths.For(picture.Width).Last() < RenditionWidths.Widest
            || files.HasRendition(hash, RenditionWidths.Widest))
            return false;
        if (_waiting.TryAdd(hash, true) && !_wanted.Writer.TryWrite((person, hash)))
            _waiting.TryRemove(hash, out _);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (person, hash) in _wanted.Reader.ReadAllAsync(stoppingToken))
            {
                if (await TryMakeAsync(person, hash, stoppingToken))
                    _waiting.TryRemove(hash, out _);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>False if there is no use in asking for it again.</summary>
    async Task<bool> TryMakeAsync(ObjectId<User> person, ContentHash hash, CancellationToken cancellation)
    {
        try
        {
            using var turn = await turns.TakeAsync(person, cancellation);
            if (files.FindOriginal(hash) is not { } original)
                return true;
            var made = await renderer.RenderAsync(original.Path, RenditionWidths.Widest, cancellation);
            await files.AddAsync(hash, made, cancellation);
            return true;
        }
        catch (Exception e) when (e is PinfoldException or IOException)
        {
            LogFailed(log, $"{hash}", e.Message);
            return e is not PinfoldException { Kind: ErrorKind.Invalid or ErrorKind.LimitExceeded };
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "The widest rendition of {Hash} could not be made now: {Problem}")]
    static partial void LogFailed(ILogger log, string hash, string problem);
}
