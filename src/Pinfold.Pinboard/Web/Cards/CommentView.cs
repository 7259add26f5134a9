using Pinfold.Pinboard.Comments;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>A comment as pages show it.</summary>
internal sealed record CommentView
{
    public required string Id { get; init; }
    public required Person Author { get; init; }
    public required IReadOnlyList<CommentPart> Parts { get; init; }
    public required DateTimeOffset At { get; init; }
    public bool IsEdited { get; init; }

    /// <summary>Whether the viewer wrote it.</summary>
    public bool MayEdit { get; init; }

    /// <summary>Whether the viewer wrote it, or the pin is theirs.</summary>
    public bool MayDelete { get; init; }

    public static CommentView Of(ShownComment shown, ObjectId<User> owner, Caller caller)
    {
        var comment = shown.Comment.Body;
        return new CommentView
        {
            Id = shown.Comment.Id.ToString(),
            Author = new Person(shown.Author.Username, shown.Author.DisplayName),
            Parts = CommentText.PartsOf(comment.Text),
            At = comment.CreatedAt,
            IsEdited = comment.EditedAt is not null,
            MayEdit = caller.Viewer.Is(comment.Author),
            MayDelete = CommentService.MayDelete(caller.Viewer, comment.Author, owner),
        };
    }
}

/// <summary>The form for a comment of a pin; a link to sign in for who is not.</summary>
internal sealed record CommentForm(string PinId, bool IsSignedIn)
{
    /// <summary>What was typed, where it was refused.</summary>
    public string? Text { get; init; }
    public string? Error { get; init; }
}
