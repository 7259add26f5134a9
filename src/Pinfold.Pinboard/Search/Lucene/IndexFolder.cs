using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Search.Lucene;

/// <summary>
/// The folder of embedded indexes: each in a folder of its own, and a file that names the one that serves. What is read
/// and written here loads nothing of Lucene.
/// </summary>
sealed class IndexFolder(string folder)
{
    /// <summary>What another program has made in another way is not read, but made anew.</summary>
    const string Format = "v1";

    const string ServingFile = "serving";
    const string PlacesFile = "places.json";
    const string IndexFolderName = "index";

    /// <summary>The name of the index that serves; null if there is none, or only one of another format.</summary>
    public string? FindServing()
    {
        var file = Path.Combine(folder, ServingFile);
        var name = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        return name is not null && IsOwn(name) && Directory.Exists(Path.Combine(folder, name)) ? name : null;
    }

    public void Serve(string name)
    {
        WriteWhole(Path.Combine(folder, ServingFile), name);
    }

    /// <summary>Those of this format, oldest first.</summary>
    public IReadOnlyList<string> List() => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path)!).Where(IsOwn).Order(StringComparer.Ordinal)];

    /// <summary>A name that no index has.</summary>
    public string Make()
    {
        var last = List().Select(name => int.Parse(name[(Format.Length + 1)..], CultureInfo.InvariantCulture))
            .DefaultIfEmpty().Max();
        var made = string.Create(CultureInfo.InvariantCulture, $"{Format}-{last + 1:D6}");
        Directory.CreateDirectory(PathOf(made));
        return made;
    }

    public string PathOf(string name) => Path.Combine(folder, name, IndexFolderName);

    public void Delete(string name) => Directory.Delete(Path.Combine(folder, name), recursive: true);

    /// <summary>What was on disk of an index when it was last written; nothing if that cannot be read.</summary>
    public Dictionary<ShardId, FillPlace> ReadPlaces(string name)
    {
        try
        {
            var file = Path.Combine(folder, name, PlacesFile);
            if (!File.Exists(file))
                return [];
            return (JsonSerializer.Deserialize(File.ReadAllBytes(file), PlacesJson.Default.ListKeptPlace) ?? [])
                .ToDictionary(p => new ShardId(p.Shard), p => new FillPlace(
                    p.Seq, p.Next == 0 ? default : ObjectId.FromInt64(p.Next)));
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public void WritePlaces(string name, IReadOnlyDictionary<ShardId, FillPlace> places) => WriteWhole(
        Path.Combine(folder, name, PlacesFile),
        JsonSerializer.Serialize(
            [.. places.OrderBy(p => p.Key).Select(p => new KeptPlace(p.Key.Value, p.Value.Seq, p.Value.Next.Value))],
            PlacesJson.Default.ListKeptPlace));

    static bool IsOwn(string name) => name.StartsWith(Format + "-", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Format.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>All of it or what was there before, also if the machine stops in between.</summary>
    static void WriteWhole(string path, string text)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            using (var writer = new StreamWriter(file, leaveOpen: true))
                writer.Write(text);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}

/// <summary>A <see cref="FillPlace"/> as it lies in a file; ids as numbers.</summary>
sealed record KeptPlace(int Shard, long Seq, long Next);

/// <summary>Without reflection at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<KeptPlace>))]
sealed partial class PlacesJson : JsonSerializerContext;
