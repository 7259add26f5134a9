using Pinfold.Pinboard.Web.Forms;

namespace Pinfold.Pinboard.Web.Pages.SignUp;

/// <summary>Posted to /sign-up as username, email, password, invitation.</summary>
internal sealed record SignUpView : FormView
{
    public string? Username { get; init; }
    public string? Email { get; init; }

    /// <summary>What stands in the link that led here, or null.</summary>
    public string? Invitation { get; init; }

    /// <summary>Why there is no form for whoever looks; null: there is one.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether this account will be the first, and so an administrator's.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether the form was sent by who may not sign up.</summary>
    public bool IsRefused { get; init; }

    public override int Status => IsRefused ? 403 : base.Status;
}
