using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pinfold.Pinboard.People;
using Pinfold.Pinboard.Web.Serving;

namespace Pinfold.Pinboard.Web.Pages.PeopleList;

/// <summary>Everybody who has an account, by pages, or the one who is looked for.</summary>
static class PeopleListEndpoint
{
    const int PeopleOfAPage = 50;
    const int NameLengthMax = 254;

    public static void MapPeopleList(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.People, ListAsync).ForAdministrators();

    static async Task<IResult> ListAsync(
        string? q, string? after, Caller caller, PeopleReader people, CancellationToken cancellation)
    {
        var asked = Text.OneLine(q).TrimStart('@');
        if (asked.Length is 0 or > NameLengthMax)
        {
            var page = await people.PageAsync(PeopleOfAPage, string.IsNullOrEmpty(after) ? null : after, cancellation);
            return Page(caller, page.Items, null, page.Next is { } next ? $"{Routes.People}?after={next}" : null);
        }
        var found = await people.FindAsync(asked, cancellation);
        return Page(caller, found is null ? [] : [found], asked, null);
    }

    static PageResult Page(Caller caller, IReadOnlyList<ListedPerson> people, string? asked, string? nextHref) =>
        new(new PeopleListView
        {
            Title = "People",
            SignedIn = caller.Person,
            People =
            [
                .. people.Select(p => new PersonRow(
                    new Person(p.Username, p.DisplayName), p.Email, p.IsAdministrator, p.DisabledAt is not null,
                    p.JoinedAt, p.SeenAt)),
            ],
            Asked = asked,
            NextHref = nextHref,
        });
}
