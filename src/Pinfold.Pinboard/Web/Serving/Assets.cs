using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Pinfold.Pinboard.Web.Styles;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Style sheets, scripts and drawings, from inside the assembly.</summary>
/// <remarks>
/// All of them together have one hash, and it is part of every address: <c>/assets/HASH/js/main.js</c>. So a browser
/// may keep them for ever, and scripts import one another by relative path.
/// </remarks>
internal sealed class Assets
{
    private const string Prefix = "assets/";

    /// <summary>In the order of the cascade; served as one file.</summary>
    private static readonly string[] StyleSheets =
        ["fonts", "tokens", "base", "controls", "shell", "feed", "tiles", "boards", "pages", "forms", "told",
            "print"];

    private readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal);

    public Assets()
    {
        var assembly = typeof(Assets).Assembly;
        var sheets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            var path = name[Prefix.Length..].Replace('\\', '/');
            var body = Read(assembly, name);
            if (path.StartsWith("css/", StringComparison.Ordinal))
                sheets.Add(Path.GetFileNameWithoutExtension(path), Encoding.UTF8.GetString(body));
            else
                Add(path, body);
        }
        Add("pinfold.css", Encoding.UTF8.GetBytes(Join(sheets)));
        Hash = HashOfAll();
        Scripts = [.. _assets.Keys.Where(path => path.EndsWith(".js", StringComparison.Ordinal)).Order()];
    }

    public string Hash { get; }

    /// <summary>All modules, so that a page can ask for them at once and not one import after the other.</summary>
    public IReadOnlyList<string> Scripts { get; }

    /// <summary>Those that nearly every page writes with, to be asked for before the style sheet is read.</summary>
    public IReadOnlyList<string> Fonts { get; } = ["fonts/figtree.woff2", "fonts/newsreader.woff2"];

    public Asset? Find(string path) => _assets.GetValueOrDefault(path);

    /// <summary>The address of an asset. A path that does not exist is a mistake in a view, so it throws.</summary>
    public string Url(string path) =>
        _assets.ContainsKey(path)
            ? $"/assets/{Hash}/{path}"
            : throw new ArgumentException($"There is no asset '{path}'.", nameof(path));

    private static string Join(Dictionary<string, string> sheets)
    {
        var css = new StringBuilder();
        foreach (var name in StyleSheets) css.Append(sheets[name]).Append('\n');
        FeedGrid.Write(css);
        Palette.Write(css);
        return css.ToString();
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }

    private void Add(string path, byte[] body)
    {
        var compressed = new byte[body.Length];
        var smaller = BrotliEncoder.TryCompress(body, compressed, out var length, quality: 6, window: 20);
        _assets.Add(path, new Asset(ContentTypeOf(path), body, smaller ? compressed[..length] : null));
    }

    private string HashOfAll()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, asset) in _assets.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(asset.Body);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string ContentTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        var other => throw new InvalidOperationException($"No content type is known for '{other}' ({path})."),
    };
}
