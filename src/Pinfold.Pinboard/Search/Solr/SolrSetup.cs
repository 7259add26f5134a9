using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Solr;

/// <summary>
/// Makes, names, swaps and deletes indexes: collections behind an alias in a cloud, cores that change their names on a
/// single server.
/// </summary>
sealed class SolrSetup(SolrHttp http)
{
    /// <summary>What is asked, and written: an alias, or the core that has this name at the moment.</summary>
    public const string Serving = "pinfold";

    const string Next = "pinfold-next";

    /// <summary>A change of fields that old indexes do not have gets another.</summary>
    const string ConfigSet = "pinfold-v1";

    const string FallbackConfigSet = "_default";
    const string Guard = "newer";
    const int ShardsMax = 4;
    const int LooksMax = 10;
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    bool? _isCloud;

    public async Task<bool> IsCloudAsync(CancellationToken cancellation) => _isCloud ??=
        (await http.GetAsync("admin/info/system?wt=json", cancellation)).GetProperty("mode").GetString() == "solrcloud";

    /// <summary>The index that serves, made if there is none; by what name it can be told from others.</summary>
    public async Task<string> EnsureServingAsync(CancellationToken cancellation)
    {
        if (await FindServingAsync(cancellation) is { } there)
            return there;
        if (!await IsCloudAsync(cancellation))
        {
            await CreateAsync(Serving, cancellation);
            return Serving;
        }
        var made = (await ListAsync(cancellation)).LastOrDefault() ?? Serving + "-000001";
        await CreateAsync(made, cancellation);
        await PointAsync(made, cancellation);
        return made;
    }

    /// <summary>That which was begun to serve next, or a new one.</summary>
    public async Task<string> EnsureNextAsync(CancellationToken cancellation)
    {
        var serving = await EnsureServingAsync(cancellation);
        if (!await IsCloudAsync(cancellation))
        {
            await CreateAsync(Next, cancellation);
            return Next;
        }
        var last = (await ListAsync(cancellation))[^1];
        var next = string.CompareOrdinal(last, serving) > 0 ? last
            : $"{Serving}-{int.Parse(last[(Serving.Length + 1)..], null) + 1:D6}";
        await CreateAsync(next, cancellation);
        return next;
    }

    public async Task SwapAsync(string next, CancellationToken cancellation)
    {
        if (await IsCloudAsync(cancellation))
        {
            var before = await FindServingAsync(cancellation);
            await PointAsync(next, cancellation);
            if (before is not null && before != next)
                await http.GetAsync($"admin/collections?action=DELETE&name={before}&wt=json", cancellation);
            return;
        }
        await http.GetAsync($"admin/cores?action=SWAP&core={Serving}&other={Next}&wt=json", cancellation);
        await http.GetAsync(
            $"admin/cores?action=UNLOAD&core={Next}&deleteIndex=true&deleteDataDir=true&deleteInstanceDir=true&wt=json",
            cancellation);
    }

    /// <summary>The names of all there are, oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellation)
    {
        if (await IsCloudAsync(cancellation))
            return [.. (await http.GetAsync("admin/collections?action=LIST&wt=json", cancellation))
                .GetProperty("collections").EnumerateArray().Select(c => c.GetString()!)
                .Where(name => name.StartsWith(Serving + "-", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        return [.. (await http.GetAsync("admin/cores?action=STATUS&indexInfo=false&wt=json", cancellation))
            .GetProperty("status").EnumerateObject().Select(c => c.Name).Where(name => name is Serving or Next)
            .Order(StringComparer.Ordinal)];
    }

    public async Task<string?> FindServingAsync(CancellationToken cancellation)
    {
        if (!await IsCloudAsync(cancellation))
            return await IsThereAsync(Serving, cancellation) ? Serving : null;
        var aliases = (await http.GetAsync("admin/collections?action=LISTALIASES&wt=json", cancellation))
            .GetProperty("aliases");
        return aliases.TryGetProperty(Serving, out var to) ? to.GetString() : null;
    }

    /// <summary>
    /// Makes it if there is none, and gives it the fields that it lacks. One that has just been done with may be listed
    /// for a moment, and be gone when it is asked.
    /// </summary>
    async Task CreateAsync(string name, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
            try
            {
                await CreateOnceAsync(name, cancellation);
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound && look < LooksMax)
            {
                await Task.Delay(BetweenLooks, cancellation);
            }
    }

    async Task CreateOnceAsync(string name, CancellationToken cancellation)
    {
        if (!await IsThereAsync(name, cancellation))
            if (await IsCloudAsync(cancellation))
                await CreateCollectionAsync(name, cancellation);
            else
                await CreateCoreAsync(name, cancellation);
        await CompleteAsync(name, cancellation);
    }

    /// <summary>
    /// A server that is alone and starts lists a core only when it has loaded it, and answers meanwhile that it is
    /// unavailable to who asks the core itself: one that is not listed would be made a second time beside itself.
    /// </summary>
    async Task<bool> IsThereAsync(string name, CancellationToken cancellation)
    {
        if (await IsCloudAsync(cancellation))
            return (await ListAsync(cancellation)).Contains(name);
        try
        {
            await http.GetAsync($"{name}/schema/uniquekey?wt=json", cancellation);
            return true;
        }
        catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    async Task CreateCollectionAsync(string name, CancellationToken cancellation)
    {
        var answer = await http.GetAsync("admin/configs?action=LIST&wt=json", cancellation);
        var configs = answer.GetProperty("configSets");
        if (configs.EnumerateArray().All(c => c.GetString() != ConfigSet))
            await UnlessThereAsync(() => http.PostAsync(
                SolrWork.Setup, $"admin/configs?action=UPLOAD&name={ConfigSet}&wt=json", ZippedConfig(),
                "application/octet-stream",
                cancellation));
        var nodes = (await http.GetAsync("admin/collections?action=CLUSTERSTATUS&wt=json", cancellation))
            .GetProperty("cluster").GetProperty("live_nodes").GetArrayLength();
        await UnlessThereAsync(() => http.GetAsync(
            $"admin/collections?action=CREATE&name={name}&collection.configName={ConfigSet}"
            + $"&numShards={Math.Clamp(nodes, 1, ShardsMax)}&replicationFactor={Math.Min(nodes, 2)}&wt=json",
            cancellation));
    }

    async Task CreateCoreAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await UnlessThereAsync(async () => await CreateCoreAsync(name, ConfigSet, cancellation));
        }
        catch (PinfoldException e) when (
            e.Kind == ErrorKind.Invalid && e.Message.Contains("load configuration", StringComparison.Ordinal))
        {
            await CreateCoreAsync(name, FallbackConfigSet, cancellation);
        }
    }

    /// <summary>In a folder of its own: two that have been swapped lie each in the folder of the other.</summary>
    Task<JsonElement> CreateCoreAsync(string name, string configSet, CancellationToken cancellation) => http.GetAsync(
        $"admin/cores?action=CREATE&name={name}&instanceDir={name}-{Guid.NewGuid():N}&configSet={configSet}&wt=json",
        cancellation);

    Task PointAsync(string name, CancellationToken cancellation) => http.GetAsync(
        $"admin/collections?action=CREATEALIAS&name={Serving}&collections={name}&wt=json", cancellation);

    /// <summary>
    /// Fields by the Schema API; then, where the configuration is not ours, by the Config API what leaves out what is
    /// older than what is there. Another process may do the same at the same moment: then it is looked at again.
    /// </summary>
    async Task CompleteAsync(string name, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
            try
            {
                await CompleteOnceAsync(name, cancellation);
                return;
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.Invalid && IsThere(e) && look < LooksMax)
            {
                await Task.Delay(BetweenLooks, cancellation);
            }
    }

    async Task CompleteOnceAsync(string name, CancellationToken cancellation)
    {
        var fields = await NamesAsync($"{name}/schema/fields?wt=json", "fields", cancellation);
        var types = await NamesAsync($"{name}/schema/fieldtypes?wt=json", "fieldTypes", cancellation);
        if (SolrFields.ToSchema(fields, types) is { } schema)
            await http.PostAsync(
                SolrWork.Setup, $"{name}/schema?wt=json", schema, "application/json", cancellation);
        if (await IsCloudAsync(cancellation))
            return;
        var overlay = await http.GetAsync($"{name}/config/overlay?wt=json", cancellation);
        if (!overlay.GetRawText().Contains($"\"{Guard}\"", StringComparison.Ordinal))
            await http.PostAsync(SolrWork.Setup, $"{name}/config?wt=json", Encoding.UTF8.GetBytes($$$"""
                {"add-updateprocessor":{"name":"{{{Guard}}}","class":"solr.DocBasedVersionConstraintsProcessorFactory",
                 "versionField":"{{{SolrFields.Seq}}}","ignoreOldUpdates":true}}
                """), "application/json", cancellation);
    }

    static bool IsThere(PinfoldException e) => e.Message.Contains("exist", StringComparison.Ordinal)
        || e.Message.Contains("already", StringComparison.Ordinal);

    /// <summary>
    /// The parameter with which an update leaves out what is older. In a cloud it is a chain of our configuration,
    /// since that is named to the leader of a document's shard, and a processor is not.
    /// </summary>
    public async Task<string> GuardedAsync(CancellationToken cancellation) =>
        await IsCloudAsync(cancellation) ? $"update.chain={Guard}" : $"processor={Guard}";

    async Task<HashSet<string>> NamesAsync(string path, string list, CancellationToken cancellation) =>
        [.. (await http.GetAsync(path, cancellation)).GetProperty(list).EnumerateArray()
            .Select(f => f.GetProperty("name").GetString()!)];

    /// <summary>Another process may make the same at the same moment.</summary>
    static async Task UnlessThereAsync(Func<Task<JsonElement>> make)
    {
        try
        {
            await make();
        }
        catch (PinfoldException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Conflict && IsThere(e))
        {
            // It is there.
        }
    }

    static byte[] ZippedConfig()
    {
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in (string[])["solrconfig.xml", "managed-schema.xml"])
            {
                using var from = typeof(SolrSetup).Assembly.GetManifestResourceStream($"solr/{name}")!;
                using var to = zip.CreateEntry(name).Open();
                from.CopyTo(to);
            }
        return zipped.ToArray();
    }
}
