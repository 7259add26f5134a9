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
        using (var browser = await site.SignedInAsync(name))
            await browser.MakeBoardAsync("Own");
        return await SignedInAsync(site, name);
    }

    public static async Task<Visitor> SignedInAsync(Site site, string name)
    {
        var browser = await site.SignedInAsync(name);
        return new Visitor(browser, await browser.TokenAsync("/boards/new"));
    }

    public Task<Answer> GetAsync(string path) => browser.GetAsync(path);

    public async Task<Answer> SendAsync(Asked asked)
    {
        using var content = asked.Form is null ? null : ContentOf(asked.Form, asked.IsMultipart);
        return await browser.SendAsync(asked.Method, asked.Path, content);
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
