using Pinfold.Pinboard.Access;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web;

/// <summary>Ids in addresses and forms. What is no id was never given to anything, so nothing is there.</summary>
static class RouteId
{
    public static ObjectId<Pin> Pin(string? text) => Of<Pin>(text) ?? throw NotThere.Pin();

    public static ObjectId<Board> Board(string? text) => Of<Board>(text) ?? throw NotThere.Board();

    public static ObjectId<Section> Section(string? text) => Of<Section>(text) ?? throw NotThere.Section();

    public static ObjectId<Comment> Comment(string? text) => Of<Comment>(text) ?? throw NotThere.Comment();

    public static ObjectId<ImportJob> Import(string? text) => Of<ImportJob>(text) ?? throw NotThere.Import();

    static ObjectId<T>? Of<T>(string? text) where T : class =>
        ObjectId<T>.TryParse(text, null, out var id) ? id : null;
}
