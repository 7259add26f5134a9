namespace Pinfold.Pinboard.Follows.Import;

/// <summary>How an edge list is taken.</summary>
/// <param name="Prefix">What is put before each name: a list of numbers is none of user names.</param>
/// <param name="IsBothWays">Whether each edge is a follow in either direction, as friendships are.</param>
/// <param name="MakesMissing">Whether people who are not there are made, without a password.</param>
sealed record FollowImportOptions(string Prefix = "", bool IsBothWays = false, bool MakesMissing = false);

/// <summary>What an import of follows has done so far.</summary>
/// <param name="Rows">How many edges were read.</param>
/// <param name="Added">How many follows are new.</param>
/// <param name="Present">How many were there already.</param>
/// <param name="Refused">How many rows were refused, at least in one direction.</param>
/// <param name="People">How many people were made.</param>
sealed record FollowImportResult(long Rows, long Added, long Present, long Refused, long People);
