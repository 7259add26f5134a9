using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>
/// What is not there is answered after a time that is the same for all that is not there: whether something secret was
/// found first, in a cache or on a server, makes less of a difference than the time it is rounded up to.
/// </summary>
static class EvenRefusals
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static void UseEvenRefusals(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use(async (http, next) =>
        {
            var begun = time.GetTimestamp();
            try
            {
                await next(http);
            }
            catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
            {
                var elapsed = time.GetElapsedTime(begun);
                await Task.Delay(Math.Ceiling(elapsed / Step) * Step - elapsed, time, http.RequestAborted);
                throw;
            }
        });
    }
}
