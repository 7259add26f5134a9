using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Images in a folder, named by what they hold: <c>aa/bb/HASH.jpg</c> the original,
/// <c>aa/bb/HASH-236.webp</c> its renditions. A file appears whole and synced to disk, or not at all.
/// </summary>
/// <remarks>
/// An original keeps its metadata, GPS position included: only renditions are for other people's eyes. Who refers to a
/// hash is counted elsewhere; <see cref="Delete"/> must not run beside a receive of the same bytes.
/// </remarks>
internal sealed class ImageFiles
{
    const string IncomingName = "incoming";

    static readonly ImageFormat[] Formats = Enum.GetValues<ImageFormat>();

    readonly string _root;
    readonly IncomingFolder _incoming;
    readonly ImageIntake _intake;
    readonly Func<string, Stream> _create;

    /// <summary>Creates the folder when it is not there.</summary>
    public ImageFiles(string root, ImageLimits limits) : this(root, limits, CreateFile)
    {
    }

    internal ImageFiles(string root, ImageLimits limits, Func<string, Stream> create)
    {
        _root = Path.GetFullPath(root);
        var incoming = Path.Combine(_root, IncomingName);
        _incoming = new IncomingFolder(incoming);
        _intake = new ImageIntake(limits, create);
        _create = create;
        DiskErrors.Translate(() => Directory.CreateDirectory(incoming));
    }

    /// <summary>
    /// Takes in an original, at most as many bytes as the limits say, checks its header and that it is whole, and
    /// leaves what is no part of it. Errors of <paramref name="source"/> itself pass through as they are.
    /// </summary>
    /// <exception cref="PinfoldException">
    /// LimitExceeded: too many bytes, pixels or frames; Invalid: not an accepted image, or cut short; Unavailable: the
    /// disk is full or refuses. Nothing is left behind.
    /// </exception>
    public async Task<IncomingImage> TakeInAsync(Stream source, CancellationToken cancellation)
    {
        var file = DiskErrors.Translate(_incoming.Begin);
        IncomingImage? taken = null;
        try
        {
            return taken = new IncomingImage(file, await _intake.TakeInAsync(source, file.Path, cancellation));
        }
        finally
        {
            if (taken is null)
                file.Dispose();
        }
    }

    /// <summary>
    /// Puts what was taken in in its place, with what was made of it. The same bytes again change nothing.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the disk is full or refuses.</exception>
    public async Task KeepAsync(IncomingImage incoming, RenderedImage rendered, CancellationToken cancellation)
    {
        var image = incoming.Image;
        await StoreAsync(image.Hash, rendered, cancellation);
        DiskErrors.Translate(() => Publish(incoming.Path, OriginalPath(image.Hash, image.Header.Format)));
    }

    /// <summary>Stores what was made of an original, each file in place of an earlier one.</summary>
    /// <exception cref="PinfoldException">Unavailable: the disk is full or refuses.</exception>
    public async Task StoreAsync(ContentHash hash, RenderedImage rendered, CancellationToken cancellation)
    {
        foreach (var rendition in rendered.Renditions)
            await StoreAsync(RenditionPath(hash, rendition.NominalWidth), rendition.WebP, cancellation);
        if (rendered.MovingWebP is { } moving)
            await StoreAsync(MovingPath(hash), moving, cancellation);
    }

    /// <summary>The original; null when there is none. Not to be sent to anybody but its owner.</summary>
    public ImageFile? FindOriginal(ContentHash hash)
    {
        foreach (var format in Formats)
        {
            var path = OriginalPath(hash, format);
            if (File.Exists(path))
                return new ImageFile(path, format);
        }

        return null;
    }

    /// <summary>
    /// The rendition for a nominal width, or for a small image the widest it has below that; null when there is none.
    /// </summary>
    public ImageFile? FindRendition(ContentHash hash, int nominalWidth)
    {
        foreach (var width in RenditionWidths.All.Where(width => width <= nominalWidth).Reverse())
        {
            var path = RenditionPath(hash, width);
            if (File.Exists(path))
                return new ImageFile(path, ImageFormat.WebP);
        }

        return null;
    }

    /// <summary>Whether there is a rendition of exactly that width, or of what the image has below it.</summary>
    public bool HasRendition(ContentHash hash, int nominalWidth) => File.Exists(RenditionPath(hash, nominalWidth));

    /// <summary>
    /// Stores a rendition that an original lacks; not if the original went meanwhile, beside which it has no place.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the disk is full or refuses.</exception>
    public async Task AddAsync(ContentHash hash, Rendition rendition, CancellationToken cancellation)
    {
        var path = RenditionPath(hash, rendition.NominalWidth);
        await StoreAsync(path, rendition.WebP, cancellation);
        if (FindOriginal(hash) is null)
            DiskErrors.Translate(() => File.Delete(path));
    }

    /// <summary>The rendition that moves; null when there is none.</summary>
    public ImageFile? FindMoving(ContentHash hash) =>
        MovingPath(hash) is var path && File.Exists(path) ? new ImageFile(path, ImageFormat.WebP) : null;

    /// <summary>Deletes the original and its renditions, renditions first; fine when they are not there.</summary>
    /// <exception cref="PinfoldException">Unavailable: the disk refuses.</exception>
    public void Delete(ContentHash hash) => DiskErrors.Translate(() =>
    {
        if (!Directory.Exists(Folder(hash)))
            return;
        foreach (var path in RenditionPaths(hash))
            File.Delete(path);
        foreach (var format in Formats)
            File.Delete(OriginalPath(hash, format));
    });

    /// <summary>
    /// As <see cref="Delete"/>, but for what was received, or rendered, at <paramref name="before"/> or later: that
    /// stays, also when it comes in this moment, and the answer is false.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the disk refuses.</exception>
    public bool DeleteReceivedBefore(ContentHash hash, DateTimeOffset before)
    {
        var original = Formats.Select(format => OriginalPath(hash, format)).FirstOrDefault(File.Exists) ?? "";
        var paths = RenditionPaths(hash).Prepend(original);
        var isAll = true;
        DiskErrors.Translate(() => isAll = paths.Where(File.Exists).All(path => Take(path, before)));
        return isAll;
    }

    /// <summary>
    /// Deletes what killed processes left of what they were receiving, never what a living one is writing; says how
    /// many files. <paramref name="otherwiseBefore"/> decides where file locks do not work.
    /// </summary>
    /// <exception cref="PinfoldException">Unavailable: the disk refuses.</exception>
    public int Sweep(DateTimeOffset otherwiseBefore)
    {
        var swept = 0;
        DiskErrors.Translate(() => swept = _incoming.Sweep(otherwiseBefore));
        return swept;
    }

    async Task StoreAsync(string path, byte[] content, CancellationToken cancellation)
    {
        using var incoming = DiskErrors.Translate(_incoming.Begin);
        await DiskErrors.TranslateAsync(() => WriteAsync(incoming.Path, content, cancellation));
        DiskErrors.Translate(() => Publish(incoming.Path, path));
    }

    async Task WriteAsync(string temporary, byte[] content, CancellationToken cancellation)
    {
        await using var file = _create(temporary);
        await file.WriteAsync(content, cancellation);
        Sync(file);
    }

    // Looked at only when nobody finds it any more: what is received meanwhile takes its place, or is put back.
    bool Take(string path, DateTimeOffset before)
    {
        using var taken = _incoming.Begin();
        File.Move(path, taken.Path);
        var isOld = File.GetLastWriteTimeUtc(taken.Path) < before.UtcDateTime;
        if (!isOld && !File.Exists(path))
            File.Move(taken.Path, path);
        return isOld;
    }

    // The new name is itself an entry of the folder, and so is a new folder of its parent: both must reach the disk.
    void Publish(string temporary, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var isNewFolder = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        File.Move(temporary, path, overwrite: true);
        FolderSync.Flush(folder);
        if (!isNewFolder)
            return;
        FolderSync.Flush(Path.GetDirectoryName(folder)!);
        FolderSync.Flush(_root);
    }

    string Folder(ContentHash hash)
    {
        var name = hash.ToString();
        return Path.Combine(_root, name[..2], name[2..4]);
    }

    string OriginalPath(ContentHash hash, ImageFormat format) =>
        Path.Combine(Folder(hash), $"{hash}.{format.FileExtension}");

    string RenditionPath(ContentHash hash, int nominalWidth) =>
        Path.Combine(Folder(hash), FormattableString.Invariant($"{hash}-{nominalWidth}.webp"));

    string MovingPath(ContentHash hash) => Path.Combine(Folder(hash), $"{hash}-moving.webp");

    IEnumerable<string> RenditionPaths(ContentHash hash) =>
        RenditionWidths.All.Select(width => RenditionPath(hash, width)).Append(MovingPath(hash));

    static FileStream CreateFile(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);

    static void Sync(Stream stream)
    {
        if (stream is FileStream file)
            file.Flush(flushToDisk: true);
        else
            stream.Flush();
    }
}
