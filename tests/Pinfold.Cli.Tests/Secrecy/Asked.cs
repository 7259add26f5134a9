namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>A request that names one thing.</summary>
/// <param name="Method">As it is sent.</param>
/// <param name="Path">With its query.</param>
/// <param name="Form">Null for none.</param>
/// <param name="IsMultipart">How the form is written.</param>
/// <param name="Thing">The id or word in it.</param>
sealed record Asked(
    HttpMethod Method, string Path, Dictionary<string, string>? Form, bool IsMultipart, string Thing)
{
    /// <summary>All of its words.</summary>
    public string Words => string.Join(' ', [$"{Method}", Path, .. (IEnumerable<string>?)Form?.Values ?? []]);

    public static Asked Of(
        Route route, string thing, IReadOnlyDictionary<string, string> fields, Func<string, string> parameter) =>
        Of(route.Method, route, thing, fields, parameter);

    /// <summary>With another method than what the route is for.</summary>
    public static Asked Of(
        string method, Route route, string thing, IReadOnlyDictionary<string, string> fields,
        Func<string, string> parameter)
    {
        var path = route.With(parameter);
        if (method == "POST")
            return new(HttpMethod.Post, path, new(fields), route.TakesFiles, thing);
        var query = string.Join('&', fields.Where(f => f.Value.Length > 0)
            .Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"));
        return new(new HttpMethod(method), query.Length > 0 ? $"{path}?{query}" : path, null, false, thing);
    }

    public override string ToString() => Words;
}
