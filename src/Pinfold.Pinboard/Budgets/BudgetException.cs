using Pinfold.Sharding;

namespace Pinfold.Pinboard.Budgets;

/// <summary>
/// Something is more than its person may keep. Unlike other limits it is not about the thing itself: the next of its
/// kind would be refused too.
/// </summary>
sealed class BudgetException(string message) : PinfoldException(ErrorKind.LimitExceeded, message)
{
    public static BudgetException Of(Budget budget, Usage now, Usage more) =>
        new((more.Pins > 0 && now.Pins + more.Pins > budget.PinsMax
            ? $"You have {now.Pins:N0} pins, and {budget.PinsMax:N0} is the most that you may have."
            : $"Your pictures take {ByteSize.Of(now.Bytes)} of the {ByteSize.Of(budget.BytesMax)} that they may; this "
                + $"would be {ByteSize.Of(more.Bytes)} more.")
            + " Delete some pins, or ask who runs this for more.");
}
