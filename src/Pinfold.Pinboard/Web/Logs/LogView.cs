using Pinfold.Pinboard.Audit;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Logs;

/// <summary>A part of somebody's audit log, drawn by <c>Shared/_Log.cshtml</c>.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="WrongPasswords">Newest first; only beside the first rows.</param>
/// <param name="NextHref">Where earlier ones are, or null.</param>
internal sealed record LogView(
    IReadOnlyList<LogRow> Rows, IReadOnlyList<LogRow> WrongPasswords, string? NextHref)
{
    const int RowsOfAPage = 50;
    const int WrongPasswordsShownMax = 20;

    /// <summary>Reads it. One round trip, and one for the wrong passwords.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="user">Whose.</param>
    /// <param name="cursor">Where the page before ended, or null.</param>
    /// <param name="path">Where it is shown.</param>
    /// <param name="isForAdministrators">Whether it may be shown where others were when they did something.</param>
    /// <param name="cancellation">Of the request.</param>
    public static async Task<LogView> ReadAsync(
        AuditLog audit, ObjectId<User> user, string? cursor, string path, bool isForAdministrators,
        CancellationToken cancellation)
    {
        var page = await audit.PageAsync(user, RowsOfAPage, cursor, cancellation);
        var wrong = cursor is null ? await audit.WrongPasswordsAsync(user, WrongPasswordsShownMax, cancellation) : [];
        return new LogView(
            [.. page.Items.Select(act => LogRow.Of(act, isForAdministrators))],
            [.. wrong.Select(act => LogRow.Of(act, isForAdministrators))],
            page.Next is { } next ? $"{path}?cursor={next}" : null);
    }
}

/// <summary>One act.</summary>
/// <param name="At">When.</param>
/// <param name="What">In plain words.</param>
/// <param name="ByWhom">If it was somebody else; else null.</param>
/// <param name="From">Device and address; null where they are not known, or somebody else's.</param>
internal sealed record LogRow(DateTimeOffset At, string What, string? ByWhom, string? From)
{
    public static LogRow Of(LoggedAct act, bool isForAdministrators)
    {
        string[] from = [.. new[] { act.Entry.Device, act.Entry.Address }.Where(part => part.Length > 0)];
        return new LogRow(
            act.At, AuditWords.Of(act.Entry), AuditWords.ByWhom(act.Entry),
            from.Length > 0 && (isForAdministrators || act.Entry.IsOwnAct) ? string.Join(", ", from) : null);
    }
}
