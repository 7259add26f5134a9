using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Web.Models;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>Answers with a page: <c>return new PageResult(new BoardView { ... })</c>.</summary>
internal sealed class PageResult(PageView page) : IResult
{
    private const string Suffix = "View";

    public PageView Page => page;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var metadata = services.GetRequiredService<IModelMetadataProvider>();
        var view = new ViewResult
        {
            ViewName = $"/Web/Views/{page.GetType().Name[..^Suffix.Length]}.cshtml",
            StatusCode = page.Status,
            ViewData = new ViewDataDictionary<PageView>(metadata, new ModelStateDictionary()) { Model = page },
        };
        var action = new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor());
        return services.GetRequiredService<IActionResultExecutor<ViewResult>>().ExecuteAsync(action, view);
    }
}
