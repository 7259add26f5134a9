using System.Diagnostics;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Web.Serving;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Pages.Error;

/// <summary>What went wrong, as a status: the one place that maps a kind of error to HTTP.</summary>
static partial class ErrorPages
{
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.LimitExceeded => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.Corrupt => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>
    /// Exceptions and bare statuses become pages; for programs (Accept: application/json) problem+json.
    /// </summary>
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => AnswerAsync(http, http.Features.Get<IExceptionHandlerFeature>()?.Error),
            SuppressDiagnosticsCallback = static context =>
                context.Exception is PinfoldException or BadHttpRequestException || IsOfUtf7(context.Exception),
        });
        app.UseStatusCodePages(context => AnswerAsync(context.HttpContext, null));
    }

    static Task AnswerAsync(HttpContext http, Exception? error)
    {
        // Endpoints that take files answer 400 without an exception when the form could not be read.
        if (error is null && http.Response.StatusCode == StatusCodes.Status400BadRequest)
            error = http.Features.Get<IAntiforgeryValidationFeature>()?.Error;
        var (status, message) = error switch
        {
            // One sentence, whatever is not there or may not be seen, so that nobody can tell which.
            PinfoldException { Kind: ErrorKind.NotFound } => (404, null),
            PinfoldException e => (StatusOf(e.Kind), IsForTheLog(e) ? null : e.Message),
            BadHttpRequestException { InnerException: AntiforgeryValidationException form } => OfForm(form, http),
            AntiforgeryValidationException form => OfForm(form, http),
            BadHttpRequestException { InnerException: (InvalidDataException or IOException) and var body } =>
                OfUnread(body, http),
            BadHttpRequestException or InvalidDataException => OfUnread(error, http),
            not null when IsOfUtf7(error) => (415, "The text of a form has to be in UTF-8."),
            null => (http.Response.StatusCode, null),
            _ => (500, null),
        };
        var reference = status >= 500 ? Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier : null;
        if (error is not null && status >= 500)
            LogFailed(
                http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorPages)),
                http.Request.Path, reference, error);
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "5";
        var page = ErrorView.Of(status, Caller.Of(http).Person, message, reference);
        return WantsJson(http.Request)
            ? Results.Problem(page.Message, statusCode: status, title: page.Headline).ExecuteAsync(http)
            : new PageResult(page).ExecuteAsync(http);
    }

    /// <summary>
    /// Damage is the operator's to know of, and so is what a database itself said: it names users, hosts and tables.
    /// </summary>
    static bool IsForTheLog(PinfoldException e) =>
        e.Kind == ErrorKind.Corrupt
        || (e.InnerException is { } cause && e.Message.Contains(cause.Message, StringComparison.Ordinal));

    /// <summary>A form without a good token: because it could not be read, or because it is not one of ours.</summary>
    static (int Status, string? Message) OfForm(AntiforgeryValidationException error, HttpContext http) =>
        error.InnerException is (IOException or InvalidDataException) and var unread
            ? OfUnread(unread, http)
            : (400, "This form was open for too long, or came from elsewhere. Go back, reload the page, and send it " +
                "again.");

    /// <summary>Why the body of a request could not be read; whoever reads the form first wraps it.</summary>
    static (int Status, string? Message) OfUnread(Exception error, HttpContext http) => error switch
    {
        BadHttpRequestException { StatusCode: not StatusCodes.Status413PayloadTooLarge } e => (e.StatusCode, null),
        BadHttpRequestException => (413, TooLarge(http)),
        InvalidDataException when IsOfLimit(error, "Multipart body length") => (413, TooLarge(http)),
        InvalidDataException when IsOfLimit(error, "Form") || IsOfLimit(error, "Multipart") =>
            (413, "This form has too many parts, or one of them is too long. Nothing was stored."),
        _ when DiskErrors.IsOfDisk(error) =>
            (503, "What was sent could not be kept: the disk is full or refuses. Nothing was stored."),
        _ => (400, "What was sent is no whole form: it is damaged, or broke off. Nothing was stored. Send it again."),
    };

    /// <summary>A form, or a part of one, that says it is in UTF-7, which .NET refuses to read at all.</summary>
    static bool IsOfUtf7(Exception error) =>
        error is NotSupportedException && error.Message.Contains("UTF-7", StringComparison.Ordinal);

    /// <summary>The readers of forms tell limits from damage by words alone.</summary>
    static bool IsOfLimit(Exception error, string of) =>
        error.Message.StartsWith(of, StringComparison.Ordinal)
        && error.Message.Contains(" limit ", StringComparison.Ordinal)
        && error.Message.EndsWith(" exceeded.", StringComparison.Ordinal);

    static string? TooLarge(HttpContext http) =>
        (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint())?
            .Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { MaxRequestBodySize: { } bytes }
                ? $"At most {bytes >> 20} MB can be sent here. Nothing was stored."
                : null;

    static bool WantsJson(HttpRequest request) =>
        request.Path.StartsWithSegments(Routes.NewPinPreview, StringComparison.Ordinal)
        || request.Headers.Accept.Any(a => a?.Contains("application/json", StringComparison.Ordinal) == true);

    [LoggerMessage(600, LogLevel.Error, "{Path} failed (reference {Reference})")]
    static partial void LogFailed(ILogger logger, string path, string? reference, Exception error);
}
