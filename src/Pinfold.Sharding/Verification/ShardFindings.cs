namespace Pinfold.Sharding.Verification;

/// <summary>Gathers what is found of a shard.</summary>
sealed class ShardFindings(ShardId shard, string server, int findingsMax)
{
    readonly Dictionary<string, CheckReport> _checks =
        VerifyChecks.All.ToDictionary(name => name, name => new CheckReport(name, 0, 0, 0, 0));

    readonly Dictionary<(string, FindingKind), int> _kept = [];
    readonly List<Finding> _findings = [];

    public ShardId Shard => shard;

    public void LookedAt(string check, long count)
    {
        var its = _checks[check];
        _checks[check] = its with { LookedAt = its.LookedAt + count };
    }

    public void Fault(string check, string what, string toDo, Repair? repair = null)
    {
        var its = _checks[check];
        _checks[check] = its with { Faults = its.Faults + 1 };
        Keep(new Finding(check, FindingKind.Fault, shard, what, toDo) { Repair = repair });
    }

    public void Note(string check, string what, string toDo = "")
    {
        var its = _checks[check];
        _checks[check] = its with { Notes = its.Notes + 1 };
        Keep(new Finding(check, FindingKind.Note, shard, what, toDo));
    }

    public void NotJudged(string check, string what, string toDo)
    {
        var its = _checks[check];
        _checks[check] = its with { NotJudged = its.NotJudged + 1 };
        Keep(new Finding(check, FindingKind.NotJudged, shard, what, toDo));
    }

    public bool HasFaults(string check) => _checks[check].Faults > 0;

    public ShardReport ToReport() =>
        new(shard, server, [.. VerifyChecks.All.Select(name => _checks[name])], [.. _findings]);

    void Keep(Finding finding)
    {
        var kept = _kept.GetValueOrDefault((finding.Check, finding.Kind));
        if (kept == findingsMax)
            return;
        _kept[(finding.Check, finding.Kind)] = kept + 1;
        _findings.Add(finding);
    }
}
