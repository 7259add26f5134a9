using Pinfold.Cli.Tests.Running;

namespace Pinfold.Cli.Tests.Secrecy;

/// <summary>Somebody who is not the owner: signed in with a board of their own, or nobody.</summary>
sealed class Visitor(Browser browser, string token) : IDisposable
{
    public static async Task<Visitor> NobodyAsync(Site site)
    {
        var browser = new Browser(site.Address);
        return new Visitor(browser, await browser.TokenAsync("/sign-in"));
    }

    public static async Task<Visitor> StrangerAsync(Site site, string name)
    {
        await site.AddUserAsync(name);
        var browser = await site.SignedInAsync(name);
        await browser.MakeBoardAsync("Own");
        return new Visitor(browser, await browser.TokenAsync("/boards/new"));
    }

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, Dictionary<string, string>? form = null, bool isMultipart = false)
    {
        using var content = form is null ? null : ContentOf(form, isMultipart);
        return await browser.SendAsync(method, path, content);
    }

    public void Dispose() => browser.Dispose();

    HttpContent ContentOf(Dictionary<string, string> form, bool isMultipart)
    {
        var fields = form.Append(new("__RequestVerificationToken", token));
        if (!isMultipart)
            return new FormUrlEncodedContent(fields);
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            content.Add(new StringContent(value), name);
        return content;
    }
}

/// <summary>Several of them; each may change only so much in a minute.</summary>
sealed class Crowd(IReadOnlyList<Visitor> visitors) : IDisposable
{
    public static async Task<Crowd> ComeAsync(Site site, int strangers)
    {
        var visitors = new List<Visitor>();
        for (var i = 0; i < strangers; i++)
        {
            visitors.Add(await Visitor.StrangerAsync(site, $"stranger{i}"));
            visitors.Add(await Visitor.NobodyAsync(site));
        }
        return new Crowd(visitors);
    }

    public Visitor At(int number) => visitors[number % visitors.Count];

    public void Dispose()
    {
        foreach (var visitor in visitors)
            visitor.Dispose();
    }
}
