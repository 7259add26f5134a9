using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Tells a full disk from other trouble with the image folder, in words for whoever runs the service.
/// </summary>
internal static class DiskErrors
{
    // errno of Linux and macOS, as .NET puts it into HResult: ENOSPC 28, EFBIG 27, EDQUOT 122 (Linux) and 69 (macOS);
    // then Windows' ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    static readonly int[] Full = [28, 27, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    // What .NET gives to an IOException that no system call failed for: a body that ends early, a broken connection.
    const int OfNoCall = unchecked((int)0x80131620);

    /// <summary>Whether it is a file or a disk that failed, and not what was read or sent.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is UnauthorizedAccessException || (e is IOException && e.HResult != OfNoCall);

    public static void Translate(Action action) => Translate(() =>
    {
        action();
        return true;
    });

    public static T Translate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Translated(e);
        }
    }

    public static async Task TranslateAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Translated(e);
        }
    }

    static PinfoldException Translated(Exception e) => new(ErrorKind.Unavailable,
        Full.Contains(e.HResult)
            ? "There is no room left on the disk that holds the images: free some, then try again. Nothing was stored."
            : "The folder that holds the images cannot be written: see that it is there and who may write.", e);
}
