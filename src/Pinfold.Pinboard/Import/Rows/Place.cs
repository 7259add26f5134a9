namespace Pinfold.Pinboard.Import.Rows;

/// <summary>Where an entry goes: the board and section that its folder became.</summary>
/// <param name="Key">Stands for the folder in the keys of its entries.</param>
/// <param name="IsWrapper">Not a board by itself: its sub-folders are boards, as the root's are.</param>
/// <param name="Note">What had to be changed in the names.</param>
sealed record Place(string Board, string? Section, string Key, bool IsWrapper, string? Note)
{
    /// <summary>Tells twins among this folder's entries apart.</summary>
    public SourceKeys Keys { get; } = new();
}
