using Microsoft.AspNetCore.Identity;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Registration;

/// <summary>Makes accounts for those who may have one by the rule of this installation.</summary>
sealed class SignUps(PinboardSettings settings, FirstPerson first, Invitations invitations)
{
    public const string ClosedWords = "Nobody can sign up here at the moment.";

    /// <summary>The same for whatever is not right about it: it tells nobody which invitations there are.</summary>
    public const string NotGoodWords =
        "This invitation is not good: it has ended, was used already, or the link is not whole. Ask for another.";

    const string Closed = nameof(Closed);
    const string NotInvited = nameof(NotInvited);

    /// <summary>Who may sign up now: without a setting, everybody until there is somebody.</summary>
    public async Task<RegistrationMode> ModeAsync(CancellationToken cancellation) => settings.Registration
        ?? (await first.IsHereAsync(cancellation) ? RegistrationMode.Invite : RegistrationMode.Open);

    /// <summary>Whether whoever signs up next will be the first here, and so an administrator.</summary>
    public async Task<bool> IsForFirstAsync(CancellationToken cancellation) => !await first.IsHereAsync(cancellation);

    /// <summary>Whether an error says that they may not sign up, whatever they type.</summary>
    public static bool IsRefusal(IdentityError error) =>
        error.Code is Closed or NotInvited or AccountStore.NotFirst;

    /// <summary>
    /// Makes the account if its owner may have one. An invitation is used before, on its own shard, and given back if
    /// there can be no account; cut short between the two, that use of it is lost.
    /// </summary>
    public async Task<(IdentityResult Outcome, Account Account)> SignUpAsync(
        UserManager<Account> users, string username, string email, string password, InvitationLink? link,
        CancellationToken cancellation)
    {
        var mode = await ModeAsync(cancellation);
        // Without a setting it is open to one alone, and two may have come at once.
        var account = new Account
        {
            Username = username,
            Email = email,
            MustBeFirst = mode == RegistrationMode.Open && settings.Registration is null,
        };
        var result = mode switch
        {
            RegistrationMode.Closed => Refusal(Closed, ClosedWords),
            RegistrationMode.Open => await users.CreateAsync(account, password),
            _ => await SignUpInvitedAsync(users, account, password, link, cancellation),
        };
        return (result, account);
    }

    async Task<IdentityResult> SignUpInvitedAsync(
        UserManager<Account> users, Account account, string password, InvitationLink? link,
        CancellationToken cancellation)
    {
        if (!await invitations.IsGoodAsync(link, cancellation))
            return Refusal(NotInvited, NotGoodWords);
        // What is typed wrongly uses nothing up.
        if (await FindFaultAsync(users, account, password) is { } fault)
            return fault;
        if (await invitations.TryTakeAsync(link, account.Username, cancellation) is not { } taken)
            return Refusal(NotInvited, NotGoodWords);
        account.InvitedBy = taken.Inviter;
        IdentityResult result;
        try
        {
            result = await users.CreateAsync(account, password);
        }
        catch (PinfoldException e) when (e.Kind != ErrorKind.OutcomeUnknown)
        {
            await invitations.GiveBackAsync(taken, CancellationToken.None);
            throw;
        }
        if (!result.Succeeded)
            await invitations.GiveBackAsync(taken, CancellationToken.None);
        return result;
    }

    static async Task<IdentityResult?> FindFaultAsync(UserManager<Account> users, Account account, string password)
    {
        var errors = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators)
            errors.AddRange((await validator.ValidateAsync(users, account, password)).Errors);
        foreach (var validator in users.UserValidators)
            errors.AddRange((await validator.ValidateAsync(users, account)).Errors);
        return errors.Count == 0 ? null : IdentityResult.Failed([.. errors]);
    }

    static IdentityResult Refusal(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
