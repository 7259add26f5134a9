using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Answers with a page: <c>return new PageResult(new ShowBoardView { ... })</c>.</summary>
internal sealed class PageResult(PageView page) : IResult
{
    private const string Root = "Pinfold.Pinboard.";
    private const string Suffix = "View";

    public PageView Page => page;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var metadata = services.GetRequiredService<IModelMetadataProvider>();
        var view = new ViewResult
        {
            ViewName = PathBeside(page.GetType()),
            StatusCode = page.Status,
            ViewData = new ViewDataDictionary<PageView>(metadata, new ModelStateDictionary()) { Model = page },
        };
        var action = new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor());
        return services.GetRequiredService<IActionResultExecutor<ViewResult>>().ExecuteAsync(action, view);
    }

    /// <summary>Beside <c>Pages/Home/LandingView.cs</c> lies <c>Landing.cshtml</c>; namespaces are folders.</summary>
    private static string PathBeside(Type view) =>
        $"/{view.FullName![Root.Length..^Suffix.Length].Replace('.', '/')}.cshtml";
}
