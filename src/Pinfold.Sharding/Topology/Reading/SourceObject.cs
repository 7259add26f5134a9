using System.Globalization;
using System.Text.Json;

namespace Pinfold.Sharding.Topology.Reading;

/// <summary>
/// Reads one object's properties by type. What is missing or wrong is added to the problems and reads as null, so that
/// reading goes on and finds the rest.
/// </summary>
/// <param name="node">The object.</param>
/// <param name="what">Begins a sentence about it: "the topology", "this server".</param>
/// <param name="problems">Where problems go.</param>
sealed class SourceObject(SourceNode node, string what, ProblemList problems)
{
    public int Offset => node.Offset;

    public static SourceObject? Open(SourceNode node, string what, ProblemList problems)
    {
        if (node.Kind == JsonTokenType.StartObject)
            return new SourceObject(node, what, problems);
        problems.Add(node.Offset, $"{what} is {node.Describe()}: it should be an object, {{ … }}.");
        return null;
    }

    /// <summary>Refuses what is not in <paramref name="known"/>, and what is there twice.</summary>
    /// <param name="known">The names this object may have.</param>
    /// <param name="explain">A better message for a name that is wrong here for a known reason, or null.</param>
    public void RefuseUnknown(IReadOnlyCollection<string> known, Func<string, string?>? explain = null)
    {
        var seen = new Dictionary<string, int>();
        foreach (var (name, offset, _) in node.Properties)
        {
            if (!seen.TryAdd(name, offset))
                problems.Add(offset, $"{SourceNode.Quote(name)} is here twice, first on line "
                    + $"{problems.LineOf(seen[name])}: keep one.");
            else if (!known.Contains(name))
                problems.Add(offset, explain?.Invoke(name) ?? Unknown(name, known));
        }
    }

    public string? Text(string name, string right, bool required = true)
    {
        if (Find(name, right, required) is not { } property)
            return null;
        if (property.Value is { Kind: JsonTokenType.String, Text: not "" } text)
            return text.Text;
        Wrong(property, right);
        return null;
    }

    /// <summary>Null when missing and required, or wrong; the default when missing and not required.</summary>
    public long? Number(string name, long min, long max, string right, long? byDefault = null)
    {
        if (Find(name, right, required: byDefault is null) is not { } property)
            return byDefault;
        if (property.Value.Kind == JsonTokenType.Number && long.TryParse(property.Value.Text,
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
            return number;
        Wrong(property, right);
        return null;
    }

    public bool Flag(string name, bool byDefault)
    {
        const string right = "true or false, without quotes";
        if (Find(name, right, required: false) is not { } property)
            return byDefault;
        if (property.Value.Kind is JsonTokenType.True or JsonTokenType.False)
            return property.Value.Kind == JsonTokenType.True;
        Wrong(property, right);
        return byDefault;
    }

    public List<SourceNode>? List(string name, string right, bool required)
    {
        if (Find(name, right, required) is not { } property)
            return required ? null : [];
        if (property.Value.Kind == JsonTokenType.StartArray)
            return property.Value.Items;
        Wrong(property, right);
        return null;
    }

    public SourceNode? Node(string name) => FindFirst(name)?.Value;

    public bool Has(string name) => FindFirst(name) is not null;

    /// <summary>Where the property stands, or the object when it has none of this name.</summary>
    public int OffsetOf(string name) => FindFirst(name)?.Offset ?? Offset;

    public void Refuse(string property, string message) => problems.Add(OffsetOf(property), message);

    public static string Unknown(string name, IReadOnlyCollection<string> known) =>
        $"{SourceNode.Quote(name)} is not known here{NearestName.Suggest(name, known)}";

    SourceProperty? Find(string name, string right, bool required)
    {
        var property = FindFirst(name);
        if (property is null && required)
            problems.Add(Offset, $"{what} has no \"{name}\": add it; it is {right}.");
        return property;
    }

    SourceProperty? FindFirst(string name)
    {
        foreach (var property in node.Properties)
            if (property.Name == name)
                return property;
        return null;
    }

    void Wrong(SourceProperty property, string right) =>
        problems.Add(property.Offset, $"\"{property.Name}\" is {property.Value.Describe()}: it should be {right}.");
}
