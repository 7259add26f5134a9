using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.SignIn;

/// <summary>Posted to /sign-in as name (username or email), password, remember, return.</summary>
internal sealed record SignInView : FormView
{
    public string? Name { get; init; }

    /// <summary>A local path to go on to; the handler must refuse anything else.</summary>
    public string? Return { get; init; }
}
