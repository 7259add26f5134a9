using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Budgets;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Import;
using Pinfold.Pinboard.Import.Images;
using Pinfold.Pinboard.Import.Rows;
using Pinfold.Pinboard.Import.Syntax;
using Pinfold.Pinboard.Web.Forms;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Import;

/// <summary>
/// Stores files while they arrive: of what nobody reads only what tells what it is, of pictures no more than their
/// owner has room for.
/// </summary>
/// <param name="form">What arrives.</param>
/// <param name="folder">Where it is kept; it is made, and left to whoever asked when this fails.</param>
/// <param name="length">How long the whole form is, where its sender says.</param>
/// <param name="room">How many bytes of pictures their owner may add.</param>
sealed class ImportUpload(StreamedForm form, string folder, long? length, long room)
{
    public const int FilesMax = 1000;

    const int BufferLength = 128 << 10;

    /// <summary>What the fields and boundaries of a form take beside a file, and more.</summary>
    const int FormLengthMax = 1 << 20;

    readonly byte[] _buffer = new byte[BufferLength];
    long _ofPictures;

    /// <summary>Takes in all of them: into the folder, or a single one that is no picture in its place.</summary>
    /// <returns>How they are called in the list of imports.</returns>
    /// <exception cref="Exception">
    /// PinfoldException: Invalid: none was chosen, or it is nothing that is read; LimitExceeded: there are too many, or
    /// there is no room; Unavailable: the disk is full or refuses. BadHttpRequestException: the form is damaged, too
    /// large or none of ours.
    /// </exception>
    public async Task<string> StoreAsync(CancellationToken cancellation)
    {
        try
        {
            return await StoreAllAsync(cancellation);
        }
        catch (Exception e) when (DiskErrors.IsOfDisk(e))
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                "The file could not be kept: the disk is full or refuses. Nothing was stored.", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw StreamedForm.Unread(e);
        }
    }

    async Task<string> StoreAllAsync(CancellationToken cancellation)
    {
        var (count, wasChosen) = (0, false);
        var last = (Name: "", Path: "", Unread: (string?)null);
        while (await form.NextFileAsync() is { } file)
        {
            wasChosen |= file.FileName.Length > 0;
            var head = await SourceHead.ReadNextAsync(file.Content, cancellation);
            if (head.Bytes.Length == 0)
                continue;
            if (++count > FilesMax)
                throw new PinfoldException(ErrorKind.LimitExceeded,
                    $"{FilesMax:N0} files at once are the most; put more into a zip.");
            if (count == 1 && IsZip(head) && length > room + FormLengthMax)
                throw NoRoom();
            var path = ReceivedName.PathIn(folder, file.FileName);
            last = (file.FileName, path, await StoreAsync(file, head, path, cancellation));
        }
        if (count == 0)
            throw new PinfoldException(
                ErrorKind.Invalid, wasChosen ? "It is empty; choose another file." : "Choose a file first.");
        if (count > 1)
            return $"{count:N0} files";
        if (last.Unread is not null)
            throw new PinfoldException(ErrorKind.Invalid, last.Unread);
        if (!ImagePath.IsCalledImage(last.Path))
            TakeOutOfItsFolder(last.Path);
        return last.Name;
    }

    /// <summary>Why nobody will read the file, or null.</summary>
    async Task<string?> StoreAsync(StreamedFile file, SourceHead head, string path, CancellationToken cancellation)
    {
        var isPicture = ImagePath.IsCalledImage(path);
        var unread = isPicture ? null : ImportFormat.WhyUnread(head);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        for (ReadOnlyMemory<byte> next = head.Bytes; next.Length > 0;)
        {
            if ((isPicture || IsZip(head)) && (_ofPictures += next.Length) > room)
                throw NoRoom();
            await target.WriteAsync(next, cancellation);
            // A picture that is larger is refused when it is read, whatever follows.
            if (unread is not null || (isPicture && target.Length > ImportLimits.PictureBytesMax))
                break;
            next = _buffer.AsMemory(0, await file.Content.ReadAsync(_buffer, cancellation));
        }
        target.Flush(flushToDisk: true);
        return unread;
    }

    static bool IsZip(SourceHead head) => head.Binary == SourceHead.ZipArchive;

    BudgetException NoRoom() => new(
        $"There is room for {ByteSize.Of(Math.Max(0, room))} more of your pictures, and this is more. Import a part of "
            + "it, delete some pins, or ask who runs this for more.");

    void TakeOutOfItsFolder(string path)
    {
        var aside = folder + ".only";
        File.Move(path, aside);
        Directory.Delete(folder, recursive: true);
        File.Move(aside, folder);
    }
}
