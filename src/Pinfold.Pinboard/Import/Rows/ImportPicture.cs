namespace Pinfold.Pinboard.Import.Rows;

/// <summary>Where the picture of a row is.</summary>
/// <param name="Name">Its address, or its path within the folder or archive.</param>
abstract record ImportPicture(string Name);

/// <summary>
/// A picture to be fetched; <see cref="ImportPicture.Name"/> is an http or https address, not yet judged otherwise.
/// </summary>
sealed record RemotePicture(string Address) : ImportPicture(Address);

/// <summary>A picture in the source itself.</summary>
/// <param name="Path">Relative to the folder or archive, with <c>/</c>.</param>
/// <param name="LengthBytes">As the source says; the stream refuses to give more.</param>
/// <param name="OpenAsync">
/// Opens it; only until the source is read to its end, and one at a time: the files of an archive share one stream.
/// </param>
sealed record FilePicture(string Path, long LengthBytes, Func<CancellationToken, Task<Stream>> OpenAsync)
    : ImportPicture(Path);
