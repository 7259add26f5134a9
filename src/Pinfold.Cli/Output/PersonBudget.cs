namespace Pinfold.Cli.Output;

/// <summary>What a person keeps, and may keep.</summary>
sealed record PersonBudget(
    string Username, long Bytes, long BytesMax, int Pins, int PinsMax, int FetchesPerMinute, bool IsTheirOwn);
