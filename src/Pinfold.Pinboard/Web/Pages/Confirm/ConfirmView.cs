namespace Pinfold.Pinboard.Web.Pages.Confirm;

/// <summary>Asks once more before something goes away for good.</summary>
internal sealed record ConfirmView : PageView
{
    public required string Question { get; init; }
    public required string Consequence { get; init; }
    public required string Action { get; init; }
    public required string Verb { get; init; }
    public required string CancelHref { get; init; }
}
