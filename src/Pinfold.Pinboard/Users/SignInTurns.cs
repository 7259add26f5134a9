using Pinfold.Sharding;

namespace Pinfold.Pinboard.Users;

/// <summary>
/// Passwords of one account are tried one after the other. Tried side by side, all would see the same number of earlier
/// failures, and only one of them would be counted.
/// </summary>
sealed class SignInTurns
{
    const int Turns = 64;

    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    public async Task<T> TakeAsync<T>(ObjectId<User> account, Func<Task<T>> attempt)
    {
        var turn = _turns[(uint)account.GetHashCode() % Turns];
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
