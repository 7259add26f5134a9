using Microsoft.Extensions.Options;

namespace Pinfold.Sharding.Hosting;

/// <summary>Refuses, at the start, values with which no write would ever be sent, or nothing followed.</summary>
sealed class OptionsValidation : IValidateOptions<PinfoldShardingOptions>
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, PinfoldShardingOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.RoundTripTimeout < TimeSpan.FromMilliseconds(100) || options.RoundTripTimeout > Longest)
            problems.AddError($"RoundTripTimeout {options.RoundTripTimeout} is wrong: 100 ms to 10 minutes.");
        if (options.FenceDeadline < TimeSpan.Zero || options.FenceDeadline > Longest)
            problems.AddError($"FenceDeadline {options.FenceDeadline} is wrong: 0 to 10 minutes.");
        if (options.CommitLanes is < 1 or > 64)
            problems.AddError($"CommitLanes {options.CommitLanes} is wrong: 1 to 64.");
        try
        {
            options.Followers.Checked();
        }
        catch (PinfoldException e)
        {
            problems.AddError(e.Message, nameof(options.Followers));
        }
        return problems.Build();
    }
}
