using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.SignUp;

/// <summary>Posted to /sign-up as username, email, password.</summary>
internal sealed record SignUpView : FormView
{
    public string? Username { get; init; }
    public string? Email { get; init; }
}
