using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>
/// Every route of the site with all that it can be asked: read from the endpoints and their handlers, so that what is
/// added later is asked too.
/// </summary>
sealed class RouteBook(Site site)
{
    /// <summary>What end one's own session, or only change what is one's own and said of oneself.</summary>
    static readonly string[] OfOneself = ["/sign-in", "/sign-out", "/sign-up", "/settings", "/theme", "/view"];

    public IReadOnlyList<Route> Routes { get; } = [.. site.Routes.SelectMany(Read)];

    static IEnumerable<Route> Read(RouteEndpoint endpoint)
    {
        // What has no end is not asked to its end; it has nothing in its address, and tells of what a page shows.
        if (endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
            .Any(answer => answer.ContentTypes.Contains("text/event-stream")))
            yield break;
        var path = "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/');
        var handler = endpoint.Metadata.GetMetadata<MethodInfo>();
        foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            if (method == "GET" || !OfOneself.Any(own => path.StartsWith(own, StringComparison.Ordinal)))
                yield return new Route(
                    method, path, endpoint.RoutePattern,
                    [.. (handler?.GetParameters() ?? []).SelectMany(Fields).Distinct()],
                    handler?.GetParameters().Any(IsFile) == true);
    }

    /// <summary>What a handler takes from a query or a form.</summary>
    static IEnumerable<string> Fields(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<FromFormAttribute>() is { } form)
            yield return form.Name ?? parameter.Name!;
        else if (parameter.ParameterType == typeof(string))
            yield return parameter.Name!;
    }

    static bool IsFile(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(IFormFile) || parameter.ParameterType == typeof(IFormFileCollection);
}

/// <summary>One method on one path.</summary>
sealed record Route(
    string Method, string Path, RoutePattern Pattern, IReadOnlyList<string> Declared, bool TakesFiles)
{
    /// <summary>What of a form is read by hand, since it repeats.</summary>
    static readonly Dictionary<string, string[]> ByHand = new() { ["/boards/{id}/edit"] = ["sectionId", "section"] };

    public IReadOnlyList<string> Fields =>
        Method == "POST" ? [.. Declared, .. ByHand.GetValueOrDefault(Path, [])] : Declared;

    public IEnumerable<string> Parameters => Pattern.Parameters.Select(p => p.Name);

    /// <summary>The path with these values for its parameters.</summary>
    public string With(Func<string, string> value) => string.Concat(Pattern.PathSegments.Select(segment => "/"
        + string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { IsCatchAll: true } all => value(all.Name),
            RoutePatternParameterPart parameter => Uri.EscapeDataString(value(parameter.Name)),
            _ => "",
        })))) is { Length: > 0 } path ? path : "/";

    public override string ToString() => $"{Method} {Path}";
}
