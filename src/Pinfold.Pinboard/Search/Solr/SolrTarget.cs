using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>An index in Solr as it is written. What is older than what is there Solr itself leaves out.</summary>
/// <param name="http">How it is asked.</param>
/// <param name="setup">How it was made.</param>
/// <param name="name">What people call it.</param>
/// <param name="address">By what it is asked: the one that serves by its alias, whichever that is then.</param>
sealed class SolrTarget(SolrHttp http, SolrSetup setup, string name, string address) : ISearchTarget
{
    /// <summary>Soon enough to be found, and seldom enough for Solr.</summary>
    const int FoundWithinMs = 500;

    /// <summary>A tombstone, too, is of the size of an object's few fields.</summary>
    const int PlacesMax = 65_536;

    public string Name => name;

    public bool IsToWrite => true;

    public async Task WriteAsync(IReadOnlyList<SearchDocument> documents, CancellationToken cancellation)
    {
        if (documents.Count == 0)
            return;
        var newest = documents.GroupBy(d => d.Id).Select(same => same.MaxBy(d => d.Seq)!);
        var guarded = await setup.GuardedAsync(cancellation);
        await http.PostAsync(
            SolrWork.Write, $"{address}/update?commitWithin={FoundWithinMs}&{guarded}&wt=json",
            SolrFields.ToUpdate(newest), "application/json", cancellation);
    }

    public async Task<IReadOnlyList<IndexedState>> ListAsync(
        ShardId shard, ObjectId after, int limit, CancellationToken cancellation)
    {
        var answer = await http.AskAsync($"{address}/select", [
            new("wt", "json"), new("q", "*:*"), new("rows", $"{limit}"), new("sort", $"{SolrFields.Number} asc"),
            new("fq", $"{SolrFields.Shard}:{shard}"), new("fq", $"{SolrFields.Number}:{{{after.Value} TO *]"),
            new("fl", $"{SolrFields.Number},{SolrFields.Seq},{SolrFields.Digest},{SolrFields.Gone}"),
        ], cancellation);
        return [.. answer.GetProperty("response").GetProperty("docs").EnumerateArray().Select(doc => new IndexedState(
            ObjectId.FromInt64(doc.GetProperty(SolrFields.Number).GetInt64()),
            doc.GetProperty(SolrFields.Seq).GetInt64(), doc.GetProperty(SolrFields.Digest).GetInt64(),
            doc.GetProperty(SolrFields.Gone).GetInt64() == 1))];
    }

    public async Task<IReadOnlyDictionary<ShardId, FillPlace>> PlacesAsync(CancellationToken cancellation)
    {
        var answer = await http.AskAsync($"{address}/select", [
            new("wt", "json"), new("q", $"{SolrFields.PlaceSeq}:[* TO *]"), new("rows", $"{PlacesMax}"),
            new("fl", $"{SolrFields.Id},{SolrFields.PlaceSeq},{SolrFields.PlaceNext}"),
        ], cancellation);
        return answer.GetProperty("response").GetProperty("docs").EnumerateArray().ToDictionary(ShardOf, PlaceOf);
    }

    public Task SaveAsync(IReadOnlyDictionary<ShardId, FillPlace> places, CancellationToken cancellation) =>
        http.PostAsync(
            SolrWork.Write, $"{address}/update?commit=true&wt=json", SolrFields.ToUpdate(places), "application/json",
            cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static ShardId ShardOf(JsonElement doc) => new(int.Parse(
        doc.GetProperty(SolrFields.Id).GetString()!.AsSpan(SolrFields.PlacePrefix.Length), null));

    static FillPlace PlaceOf(JsonElement doc)
    {
        var next = doc.GetProperty(SolrFields.PlaceNext).GetInt64();
        return new FillPlace(
            doc.GetProperty(SolrFields.PlaceSeq).GetInt64(), next == 0 ? default : ObjectId.FromInt64(next));
    }
}
