using System.Diagnostics;
using Microsoft.Playwright;
using Shouldly;

namespace Pinfold.Cli.Tests.Web;

/// <summary>
/// One person's browser: a page that measures every layout shift and keeps what the console complains of.
/// </summary>
sealed class Visit : IAsyncDisposable
{
    const string MeasureShifts =
        """
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            window.shifts.push(entry.value + " " + entry.sources.map((s) =>
              `${s.node?.className || s.node?.nodeName} ${JSON.stringify(s.previousRect)}` +
              ` to ${JSON.stringify(s.currentRect)}`).join(", "));
        }).observe({ type: "layout-shift", buffered: true });
        """;

    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    readonly IBrowserContext _context;
    readonly List<string> _complaints = [];

    Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Add($"uncaught: {error}");
    }

    public IPage Page { get; }

    public ILocator Pins => Page.Locator(".feed > .pin");

    public static async Task<Visit> StartAsync(IBrowserContext context)
    {
        await context.AddInitScriptAsync(MeasureShifts);
        return new Visit(context, await context.NewPageAsync());
    }

    public Task<IResponse?> GoAsync(string path) => Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });

    public async Task SignInAsync(string name, string password)
    {
        await GoAsync("/sign-in");
        await Page.FillAsync("main [name=name]", name);
        await Page.FillAsync("main [name=password]", password);
        await Page.ClickAsync("main button[type=submit]");
        await Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
    }

    /// <summary>Scrolls as a wheel does until so many pins are loaded.</summary>
    public async Task ScrollToPinsAsync(int count)
    {
        while (await Pins.CountAsync() is var now && now < count)
        {
            await Page.Mouse.WheelAsync(0, 3000);
            await UntilAsync(
                "n => document.querySelectorAll('.feed > .pin').length > n || scrollY + innerHeight < " +
                    "document.documentElement.scrollHeight - 3000",
                now);
        }
    }

    /// <summary>
    /// Asks the page until it is so. (Playwright's own waiting evaluates text in the page, which the policy forbids.)
    /// </summary>
    public async Task UntilAsync(string isSo, object? argument = null)
    {
        var waited = Stopwatch.StartNew();
        while (!await Page.EvaluateAsync<bool>(isSo, argument))
        {
            if (waited.Elapsed > WaitMax)
                throw new TimeoutException($"{isSo} did not come true.");
            await Task.Delay(PollInterval);
        }
    }

    public Task<string> FocusedPinAsync() =>
        Page.EvaluateAsync<string>("document.activeElement.closest('.pin')?.id ?? ''");

    /// <summary>Nothing moved that was there: every shift is listed with what moved.</summary>
    public async Task ShouldHaveNoShiftAsync() =>
        (await Page.EvaluateAsync<string[]>("window.shifts")).ShouldBeEmpty();

    /// <summary>No script failed and the content security policy refused nothing.</summary>
    /// <param name="except">What a test brought about on purpose.</param>
    public void ShouldBeQuiet(string? except = null) =>
        _complaints.Where(c => except is null || !c.Contains(except, StringComparison.Ordinal)).ShouldBeEmpty();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
