using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.WebEncoders;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Registers what the pages need to be shown; what they show comes from elsewhere.</summary>
internal static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddMvcCore().AddViews().AddRazorViewEngine().AddApplicationPart(typeof(PageServices).Assembly);
        services.Configure<RazorViewEngineOptions>(
            options => options.ViewLocationFormats.Add("/Web/Pages/Shared/{0}.cshtml"));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "form";
        });
        // Names in other scripts stay readable in the page's source, and short.
        services.Configure<WebEncoderOptions>(
            options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddSingleton<Assets>();
        return services;
    }

    public static void MapPageFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapTheme();
        routes.MapFeedView();
    }
}
