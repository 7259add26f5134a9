namespace Pinfold.Pinboard.Users;

/// <summary>
/// Passwords that one network or device tries for one account are compared one after the other. Compared side by side,
/// all would see the same number of earlier ones, and more would be heard than may be.
/// </summary>
/// <remarks>Also bounds how many passwords one process hashes at once.</remarks>
sealed class SignInTurns
{
    const int Turns = 64;

    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    public async Task<T> TakeAsync<T>(object who, Func<Task<T>> attempt)
    {
        var turn = _turns[(uint)who.GetHashCode() % Turns];
        await turn.WaitAsync();
        try
        {
            return await attempt();
        }
        finally
        {
            turn.Release();
        }
    }
}
