using Microsoft.AspNetCore.Http;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// Answers a request before all of it was read. What still comes is passed over for a while: a sender who finds the
/// connection closed while sending does not look at the answer.
/// </summary>
sealed class EarlyAnswer(IResult answer) : IResult
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await answer.ExecuteAsync(httpContext);
        await httpContext.Response.CompleteAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        end.CancelAfter(Patience);
        try
        {
            await httpContext.Request.Body.CopyToAsync(Stream.Null, end.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It was answered.
        }
    }
}
