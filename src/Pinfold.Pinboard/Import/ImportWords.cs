namespace Pinfold.Pinboard.Import;

/// <summary>What an import did, in a sentence for its owner; the same on its page and in a terminal.</summary>
static class ImportWords
{
    /// <summary>As "12 added, 3 there already, 1 refused"; when nothing was added, that, and why.</summary>
    public static string Of(ImportResult result)
    {
        var (present, refused) = (result.Present, result.Refused);
        if (result.Added > 0)
            return $"{result.Added:N0} added, {present:N0} there already, {refused:N0} refused.";
        if (result.Rows == 0)
            return "Nothing was added: there was nothing in it that could be.";
        if (refused == 0)
            return $"Nothing was added: {(present == 1 ? "it was" : $"all {present:N0} were")} there already.";
        if (present == 0)
            return $"Nothing was added: {(refused == 1 ? "it was" : $"all {refused:N0} were")} refused, for the "
                + "reasons below.";
        return $"Nothing was added: {Were(present)} there already, and {Were(refused)} refused, for the reasons below.";
    }

    static string Were(long count) => count == 1 ? "1 was" : $"{count:N0} were";

    /// <summary>How long it may take, no more exactly than an estimate is.</summary>
    public static string TimeLeft(TimeSpan left) => left.TotalSeconds switch
    {
        < 20 => "a few seconds left",
        < 60 => "less than a minute left",
        < 90 => "about a minute left",
        < 3600 => $"about {Math.Round(left.TotalMinutes):N0} minutes left",
        < 5400 => "about an hour left",
        _ => $"about {Math.Round(left.TotalHours):N0} hours left",
    };
}
